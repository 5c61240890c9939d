/// A function that draws a mail out of its three templates, which all read `head` and `told`:
///
/// ```text
/// letter!(draw_accepted, Told, "suppliers/mail/accepted/subject.txt", "…/body.txt", "…/body.html");
/// ```
///
/// makes `fn draw_accepted(head: &Letterhead, told: &Told<'_>) -> askama::Result<Content>`.
macro_rules! letter {
    ($draw:ident, $told:ident, $subject:literal, $text:literal, $html:literal) => {
        fn $draw(head: &$crate::mail::Letterhead, told: &$told<'_>) -> askama::Result<$crate::mail::Content> {
            $crate::mail::letter!(part, Subject, $told, $subject);
            $crate::mail::letter!(part, Text, $told, $text);
            $crate::mail::letter!(part, Html, $told, $html);
            $crate::mail::Content::draw(&Subject { head, told }, &Text { head, told }, &Html { head, told })
        }
    };
    (part, $name:ident, $told:ident, $path:literal) => {
        #[derive(askama::Template)]
        #[template(path = $path)]
        struct $name<'a> {
            head: &'a $crate::mail::Letterhead,
            told: &'a $told<'a>,
        }
    };
}

pub(crate) use letter;
