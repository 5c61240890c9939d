//! Pages of a long list, as addresses that keep the rest of the query.

use poem::http::Uri;

/// Which page of a list is shown, and the way to the others. Drawn by `templates/pagination.html`, as `pages`.
#[derive(Clone, Debug)]
pub struct Pages {
    /// The page shown, from 1.
    pub page: u64,
    /// Entries on a page.
    pub per_page: u64,
    /// Entries of the list.
    pub total: u64,
    path: String,
    query: Vec<(String, String)>,
}

impl Pages {
    /// The pages of a list of `total` entries shown at `uri`. A page beyond the last counts as the last.
    #[must_use]
    pub fn new(page: u64, per_page: u64, total: u64, uri: &Uri) -> Self {
        let mut query: Vec<(String, String)> =
            serde_urlencoded::from_str(uri.query().unwrap_or_default()).unwrap_or_default();
        query.retain(|(name, value)| name != "page" && !value.is_empty());
        let per_page = per_page.max(1);
        let page = page.clamp(1, total.div_ceil(per_page).max(1));
        Self { page, per_page, total, path: uri.path().to_owned(), query }
    }

    /// The page that `uri` asks for, as `page=2`.
    #[must_use]
    pub fn asked(uri: &Uri, per_page: u64, total: u64) -> Self {
        let query: Vec<(String, String)> =
            serde_urlencoded::from_str(uri.query().unwrap_or_default()).unwrap_or_default();
        let page = query.iter().find(|(name, _)| name == "page").and_then(|(_, page)| page.parse().ok());
        Self::new(page.unwrap_or(1), per_page, total, uri)
    }

    /// How many pages there are, at least one.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.total.div_ceil(self.per_page).max(1)
    }

    /// How many entries come before this page.
    #[must_use]
    pub fn offset(&self) -> u64 {
        (self.page - 1) * self.per_page
    }

    /// The address of page `page`.
    #[must_use]
    pub fn link(&self, page: &u64) -> String {
        let mut query = self.query.clone();
        if *page > 1 {
            query.push(("page".to_owned(), page.to_string()));
        }
        match serde_urlencoded::to_string(query) {
            Ok(query) if !query.is_empty() => format!("{}?{query}", self.path),
            _ => self.path.clone(),
        }
    }

    /// Whether this is the page shown.
    #[must_use]
    pub fn is_at(&self, page: &u64) -> bool {
        self.page == *page
    }

    /// The page before.
    #[must_use]
    pub fn previous(&self) -> Option<u64> {
        (self.page > 1).then(|| self.page - 1)
    }

    /// The page after.
    #[must_use]
    pub fn next(&self) -> Option<u64> {
        (self.page < self.count()).then(|| self.page + 1)
    }

    /// The pages to show: the first, the last, those around this one; `None` stands for those left out.
    #[must_use]
    pub fn shown(&self) -> Vec<Option<u64>> {
        let mut shown = Vec::new();
        let mut last = 0;
        for page in
            (1..=self.count()).filter(|&page| page == 1 || page == self.count() || page.abs_diff(self.page) <= 1)
        {
            if page > last + 1 {
                shown.push((page == last + 2).then_some(last + 1));
            }
            shown.push(Some(page));
            last = page;
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(page: u64, total: u64, uri: &'static str) -> Pages {
        Pages::new(page, 10, total, &Uri::from_static(uri))
    }

    #[test]
    fn the_first_the_last_and_the_neighbours_are_shown() {
        assert_eq!(pages(1, 0, "/").shown(), [Some(1)]);
        assert_eq!(pages(5, 100, "/").shown(), [Some(1), None, Some(4), Some(5), Some(6), None, Some(10)]);
        assert_eq!(pages(3, 50, "/").shown(), [Some(1), Some(2), Some(3), Some(4), Some(5)]);
        assert_eq!(pages(99, 25, "/").page, 3);
    }

    #[test]
    fn a_link_keeps_the_rest_of_the_query() {
        let pages = pages(2, 30, "/annuaire?q=b%C5%93uf+bio&page=2&near=&kind=producer&kind=processor");
        assert_eq!(pages.link(&3), "/annuaire?q=b%C5%93uf+bio&kind=producer&kind=processor&page=3");
        assert_eq!(pages.link(&1), "/annuaire?q=b%C5%93uf+bio&kind=producer&kind=processor");
    }
}
