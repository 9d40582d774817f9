### How a person may begin who thanks, and what a perk is called that comes with it. Same keys in every language.

perk-title = Thank you
opening-promoter = Thank you so much for your kind words, { $name }. They made our day.
opening-passive = Thank you for telling us how it was, { $name }. We would love to know what we could do better.
opening-detractor = Thank you for telling us, { $name }. I am sorry that we let you down, and I would like to put it right.
opening-story = Thank you for sharing your story with us, { $name }.
opening-mention = I saw what you wrote about us, { $name }, and it made me happy. Thank you.
opening-referral = Thank you for sending a friend our way, { $name }.
opening-word = Thank you for telling people about us, { $name }.
opening-gathering = Thank you for coming, { $name }. It was good to have you with us.
