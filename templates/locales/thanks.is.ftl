### Hvernig hefja má þakkir og hvað glaðningur heitir sem fylgir þeim. Sömu lyklar á hverju tungumáli.

perk-title = Takk fyrir
opening-promoter = Kærar þakkir fyrir hlý orð, { $name }. Þau glöddu okkur mikið.
opening-passive = Takk fyrir að segja okkur hvernig þetta var, { $name }. Okkur langar að vita hvað við getum gert betur.
opening-detractor = Takk fyrir að segja okkur frá þessu, { $name }. Mér þykir leitt að við brugðumst þér og langar að bæta úr því.
opening-story = Takk fyrir að deila sögunni þinni með okkur, { $name }.
opening-mention = Ég sá það sem þú skrifaðir um okkur, { $name }, og það gladdi mig. Takk fyrir.
opening-referral = Takk fyrir að vísa vini til okkar, { $name }.
opening-word = Takk fyrir að segja frá okkur, { $name }.
opening-gathering = Takk fyrir komuna, { $name }. Það var gaman að hafa þig með okkur.
