//! Every mail there is, drawn once.

use std::{collections::BTreeSet, fs, path::Path};

use manger_local::{mail::Letterhead, post_office::gallery::samples};

use crate::support::Site;

/// Folders of mails under `templates/`: `accounts/mail/sign_in`.
fn folders() -> BTreeSet<String> {
    let entries = |folder: &Path| -> Vec<_> {
        let read = fs::read_dir(folder).into_iter().flatten();
        read.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect()
    };
    let rooms = entries(Path::new("templates")).into_iter().map(|room| room.join("mail"));
    let mails = rooms.flat_map(|room| entries(&room));
    mails.map(|mail| mail.strip_prefix("templates").unwrap().display().to_string()).collect()
}

#[tokio::test]
async fn every_mail_is_in_the_gallery_says_the_same_twice_and_looks_as_it_did() {
    let site = Site::new().await;
    let samples = samples(&Letterhead::new(&site.app.config)).unwrap();
    let shown: BTreeSet<String> = samples.iter().map(|(folder, _)| (*folder).to_owned()).collect();
    assert_eq!(shown, folders(), "each folder of templates has a sample");
    for (folder, content) in samples {
        let name = folder.replace("/mail/", "_");
        insta::assert_snapshot!(format!("{name}_text"), format!("{}\n\n{}", content.title, content.text));
        insta::assert_snapshot!(format!("{name}_html"), content.html);
        for line in content.text.lines() {
            assert!(line.chars().count() <= 100 || line.starts_with("http"), "{folder}: {line}");
        }
        // A link of the one stands in the other, or its reader could not follow it.
        for link in content.html.split("href=\"http").skip(1).filter_map(|rest| rest.split('"').next()) {
            let page = link.trim_start_matches("://").split('/').skip(1).collect::<Vec<_>>().join("/");
            assert!(content.text.contains(&page), "{folder}: the text has no {page}");
        }
        assert!(!content.title.contains('\n') && !content.html.contains("<script") && !content.html.contains("<img"));
    }
}
