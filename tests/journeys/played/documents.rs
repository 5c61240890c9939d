//! What is printed for the day, and what everybody reads of her own day.

use poem::http::StatusCode;

use super::Play;
use super::facts::{everybody, in_force};
use crate::editions::DESK;

impl Play<'_> {
    /// Every sheet is there, names the right people, and is of the version in force; so is every page of one's own.
    pub(super) async fn printed(&self) {
        let (whos, (number, meetings)) = (everybody(self.site).await, in_force(self.site).await);
        let documents = format!("{DESK}/documents");
        for file in ["", "/plannings", "/tables", "/salle", "/accueil", "/badges", "/mur", "/cloche"] {
            let sheet = self.claire.get(&format!("{documents}{file}")).await;
            assert_eq!(sheet.status, StatusCode::OK, "{file}");
        }
        let all = self.hugo.get(&format!("{documents}/tout")).await.page;
        let present: Vec<_> = whos.iter().filter(|who| who.comes()).collect();
        assert_eq!(all.all(".sign").len(), usize::try_from(self.tables).unwrap());
        assert_eq!(all.inside(".desk", "tbody").len(), 1);
        assert_eq!(all.texts("footer").concat().matches(&format!("version {number} du")).count(), present.len() + 4);
        let leaves = all.all(".planning");
        assert_eq!(leaves.len(), present.len());
        for who in present {
            let guest = self.guest(who.organisation);
            let leaf = leaves
                .iter()
                .find(|leaf| all.all("h2").into_iter().any(|name| name.text == guest.name && all.contains(leaf, name)));
            let leaf = leaf.unwrap_or_else(|| panic!("no sheet for {}", guest.name));
            let rows = all.inside("tbody", "tr").into_iter().filter(|row| all.contains(leaf, row));
            let rows: Vec<String> = rows.map(|row| row.text.clone()).collect();
            let expected = self.expected(&whos, &meetings, who.id);
            assert_eq!(rows.len(), expected.len(), "{}", guest.name);
            for (row, line) in rows.iter().zip(&expected) {
                let printed = format!("{}{}", line.place.replacen(", ", "", 1), line.name);
                assert!(row.starts_with(&printed), "{}: {row}, not {printed}", guest.name);
            }
            let page = guest.browser.get(&guest.at("planning")).await.page;
            let lines = page.inside(".own-day", "li").into_iter().map(|line| line.text.as_str());
            let shown: Vec<&str> = lines.filter(|line| !line.ends_with("Pause")).collect();
            let wanted: Vec<String> =
                expected.iter().map(|line| format!("{}{}", line.place.replacen(", ", " ", 1), line.with)).collect();
            assert_eq!(shown, wanted, "{}", guest.name);
        }
        let wall = all.inside(".wall", "li").len();
        assert_eq!(wall, meetings.len(), "each appointment once on the wall");
    }
}
