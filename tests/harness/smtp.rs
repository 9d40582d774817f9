use lettre::message::{Attachment, MultiPart, SinglePart};
use lettre::transport::smtp::Error;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::support::mail::{Mail, Mailbox};
use crate::support::smtp::SmtpSink;

type Smtp = AsyncSmtpTransport<Tokio1Executor>;

const TEXT: &str = "Sæl Þórdís!\r\n.A line that begins with a dot\r\n";

fn connect(sink: &SmtpSink) -> Smtp {
    Smtp::from_url(&sink.url()).unwrap().build()
}

fn letter() -> Message {
    let html = MultiPart::related()
        .singlepart(SinglePart::html("<p>Sæl! <img src=cid:qr></p>".to_owned()))
        .singlepart(
            Attachment::new_inline("qr".into()).body(vec![1, 2, 3], "image/png".parse().unwrap()),
        );
    Message::builder()
        .from("Bókabúðin <hallo@example.com>".parse().unwrap())
        .to("Þórdís Ævarsdóttir <thordis@example.com>".parse().unwrap())
        .subject("Takk fyrir, Þórdís: þú átt 120 punkta")
        .message_id(Some("<one@example.com>".into()))
        .multipart(
            MultiPart::alternative().singlepart(SinglePart::plain(TEXT.to_owned())).multipart(html),
        )
        .unwrap()
}

fn code(error: &Error) -> Option<u16> {
    error.status().map(u16::from)
}

#[actix_web::test]
async fn keeps_a_letter_as_it_was_written() {
    let sink = SmtpSink::start();
    let smtp = connect(&sink);
    smtp.send(letter()).await.unwrap();
    smtp.send(letter()).await.unwrap(); // over the same connection
    let received = &sink.wait_for(2)[1];
    assert_eq!(received.from, "hallo@example.com");
    assert_eq!(received.to, ["thordis@example.com"]);

    let mail = Mail::parse(&received.raw);
    assert_eq!(mail.subject, "Takk fyrir, Þórdís: þú átt 120 punkta");
    let mailbox =
        |name: &str, address: &str| Mailbox { name: Some(name.into()), address: address.into() };
    assert_eq!(mail.from, mailbox("Bókabúðin", "hallo@example.com"));
    assert_eq!(mail.to, [mailbox("Þórdís Ævarsdóttir", "thordis@example.com")]);
    assert_eq!(mail.message_id, "one@example.com");
    assert_eq!(mail.header("message-id"), Some("<one@example.com>"));
    assert_eq!(mail.header("List-Unsubscribe"), None);
    assert_eq!(mail.text.as_deref(), Some(TEXT));
    assert_eq!(mail.html.as_deref(), Some("<p>Sæl! <img src=cid:qr></p>"));
    let qr = mail.inline("qr").unwrap();
    assert_eq!((qr.content_type.as_str(), &qr.body[..]), ("image/png", &[1, 2, 3][..]));

    sink.clear();
    assert_eq!(sink.messages(), []);
}

#[actix_web::test]
async fn refuses_once_as_told() {
    let sink = SmtpSink::start();
    let smtp = connect(&sink);
    sink.answer_next_rcpt("451 4.3.0 later");
    sink.answer_next_data("554 5.6.0 no");

    let later = smtp.send(letter()).await.unwrap_err();
    assert!(later.is_transient() && code(&later) == Some(451), "{later}");
    let never = smtp.send(letter()).await.unwrap_err();
    assert!(never.is_permanent() && code(&never) == Some(554), "{never}");
    assert_eq!(sink.messages(), []);

    smtp.send(letter()).await.unwrap();
    assert_eq!(sink.messages().len(), 1);
}

#[actix_web::test]
async fn loses_its_answer_or_the_message() {
    let sink = SmtpSink::start();
    let smtp = connect(&sink);

    sink.lose_next_answer();
    let unsure = smtp.send(letter()).await.unwrap_err();
    assert!(!unsure.is_permanent() && code(&unsure).is_none(), "{unsure}");
    assert_eq!(sink.wait_for(1).len(), 1, "the message had arrived");

    sink.cut_next_data();
    smtp.send(letter()).await.unwrap_err();
    assert_eq!(sink.messages().len(), 1, "this one had not");
}

#[actix_web::test]
async fn goes_down_and_comes_up() {
    let sink = SmtpSink::start();
    let smtp = connect(&sink);
    smtp.send(letter()).await.unwrap();
    sink.down();
    smtp.send(letter()).await.unwrap_err();
    sink.up();
    smtp.send(letter()).await.unwrap();
    assert_eq!(sink.messages().len(), 2);
}
