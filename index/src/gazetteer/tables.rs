//! The names in sorted tables over one text.

use super::key::{article_len, bare, key};

/// Where a name comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The official name.
    Own,
    /// A name of before a merger or a change.
    Former,
    /// One of the above without its small words.
    Bare,
}

/// One spelling of the name of one commune; its text is a piece of [`Names::text`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    start: u32,
    len: u8,
    pub(super) kind: Kind,
    pub(super) commune: u32,
}

/// A place inside a name where a word begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    name: u32,
    pub(super) offset: u8,
}

#[derive(Debug)]
pub(super) struct Names {
    text: String,
    /// Sorted by length, then text: a slip changes the length by one at most.
    sorted: Vec<Name>,
    /// Positions in `sorted`, sorted by length, then by text read backwards.
    backwards: Vec<u32>,
    /// Beginnings of names, with and without their article; sorted by what follows.
    heads: Vec<Start>,
    /// Every beginning of a word of names that are not bare; sorted by what follows.
    words: Vec<Start>,
}

#[derive(Debug, Default)]
pub(super) struct Builder {
    text: String,
    names: Vec<Name>,
}

impl Builder {
    pub(super) fn add(&mut self, name: &str, kind: Kind, commune: u32) {
        let key = key(name);
        if let Some(bare) = bare(&key) {
            self.push(&bare, Kind::Bare, commune);
        }
        self.push(&key, kind, commune);
    }

    fn push(&mut self, key: &str, kind: Kind, commune: u32) {
        let (Ok(start), Ok(len)) = (u32::try_from(self.text.len()), u8::try_from(key.len())) else { return };
        if len > 0 {
            self.text.push_str(key);
            self.names.push(Name { start, len, kind, commune });
        }
    }

    pub(super) fn build(self) -> Names {
        let Self { mut text, mut names } = self;
        text.shrink_to_fit();
        let of = |name: &Name| &text[name.start as usize..][..usize::from(name.len)];
        names.sort_by(|a, b| (a.len, of(a), a.commune).cmp(&(b.len, of(b), b.commune)));
        names.shrink_to_fit();
        let mut backwards: Vec<u32> = (0_u32..).take(names.len()).collect();
        backwards.sort_by(|a, b| {
            let (a, b) = (&names[*a as usize], &names[*b as usize]);
            a.len.cmp(&b.len).then_with(|| of(a).bytes().rev().cmp(of(b).bytes().rev()))
        });
        let mut built = Names { text, sorted: names, backwards, heads: Vec::new(), words: Vec::new() };
        built.heads = built.starts(|_, text| match article_len(text) {
            0 => vec![0],
            article => vec![0, article],
        });
        built.words = built.starts(|name, text| match name.kind {
            Kind::Bare => Vec::new(),
            _ => std::iter::once(0).chain(text.match_indices(' ').map(|(at, _)| at + 1)).collect(),
        });
        built
    }
}

impl Names {
    fn starts(&self, offsets: impl Fn(&Name, &str) -> Vec<usize>) -> Vec<Start> {
        let mut starts: Vec<Start> = self
            .sorted
            .iter()
            .zip(0_u32..)
            .flat_map(|(name, at)| {
                let offsets = offsets(name, self.text_of(name));
                offsets
                    .into_iter()
                    .filter_map(move |offset| Some(Start { name: at, offset: u8::try_from(offset).ok()? }))
            })
            .collect();
        starts.sort_by(|a, b| (self.tail(*a), a.name).cmp(&(self.tail(*b), b.name)));
        starts.shrink_to_fit();
        starts
    }

    pub(super) fn text_of(&self, name: &Name) -> &str {
        &self.text[name.start as usize..][..usize::from(name.len)]
    }

    pub(super) fn name(&self, start: Start) -> &Name {
        &self.sorted[start.name as usize]
    }

    /// The name from a beginning on.
    pub(super) fn tail(&self, start: Start) -> &str {
        &self.text_of(self.name(start))[usize::from(start.offset)..]
    }

    pub(super) fn heads(&self) -> &[Start] {
        &self.heads
    }

    /// Names, with or without their article, that begin with this text; the shortest first among like ones.
    pub(super) fn heads_with(&self, beginning: &str) -> &[Start] {
        self.range(&self.heads, beginning)
    }

    /// Words of names that begin with this text.
    pub(super) fn words_with(&self, beginning: &str) -> &[Start] {
        self.range(&self.words, beginning)
    }

    /// Names that are exactly this text, with or without their article.
    pub(super) fn equal<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a Name> {
        self.heads_with(text)
            .iter()
            .take_while(move |head| self.tail(**head).len() == text.len())
            .map(|head| self.name(*head))
    }

    fn range<'a>(&self, starts: &'a [Start], beginning: &str) -> &'a [Start] {
        let low = starts.partition_point(|start| self.tail(*start) < beginning);
        let count = starts[low..].partition_point(|start| self.tail(*start).starts_with(beginning));
        &starts[low..low + count]
    }

    /// Names at most one slip away from this text.
    ///
    /// Whatever the slip, it leaves the first half or the second half of the text as it is (the gap of two letters is for
    /// two neighbours exchanged across the middle): both halves are looked up among the names of about this length.
    pub(super) fn within_one_slip<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a Name> {
        let bytes = text.as_bytes();
        // "saint" begins one name in seven: the cut falls in what follows.
        let common = if bytes.starts_with(b"saint") { 6.min(bytes.len()) } else { 0 };
        let middle = common + (bytes.len() - common) / 2;
        let (first, second) = (&bytes[..middle.saturating_sub(1)], &bytes[(middle + 1).min(bytes.len())..]);
        let lengths = bytes.len().saturating_sub(1)..=bytes.len() + 1;
        lengths
            .flat_map(move |length| self.of_length(length, first).chain(self.of_length_backwards(length, second)))
            .filter(move |name| super::typo::within_one(self.text_of(name).as_bytes(), bytes))
    }

    fn of_length<'a>(&'a self, length: usize, beginning: &'a [u8]) -> impl Iterator<Item = &'a Name> {
        let low = self
            .sorted
            .partition_point(|name| (usize::from(name.len), self.text_of(name).as_bytes()) < (length, beginning));
        self.sorted[low..].iter().take_while(move |name| {
            usize::from(name.len) == length && self.text_of(name).as_bytes().starts_with(beginning)
        })
    }

    fn of_length_backwards<'a>(&'a self, length: usize, end: &'a [u8]) -> impl Iterator<Item = &'a Name> {
        let low = self.backwards.partition_point(|at| {
            let name = &self.sorted[*at as usize];
            let len = usize::from(name.len);
            len < length || len == length && self.text_of(name).bytes().rev().lt(end.iter().rev().copied())
        });
        self.backwards[low..]
            .iter()
            .map(|at| &self.sorted[*at as usize])
            .take_while(move |name| usize::from(name.len) == length && self.text_of(name).as_bytes().ends_with(end))
    }
}

/// Beginnings of the names of towns, by department.
#[derive(Debug)]
pub(super) struct Towns {
    heads: Vec<Start>,
    /// Department, position of its first head; sorted.
    departments: Vec<(u16, u32)>,
}

impl Towns {
    /// `department` tells the department of a commune that is a town.
    pub(super) fn new(names: &Names, department: impl Fn(u32) -> Option<u16>) -> Self {
        let is_official = |head: &&Start| names.name(**head).kind != Kind::Former;
        let of = |head: &Start| Some((department(names.name(*head).commune)?, *head));
        let mut towns: Vec<(u16, Start)> = names.heads.iter().filter(is_official).filter_map(of).collect();
        towns.sort_by_key(|(department, _)| *department);
        let mut departments: Vec<(u16, u32)> =
            towns.iter().zip(0..).map(|((department, _), at)| (*department, at)).collect();
        departments.dedup_by_key(|(department, _)| *department);
        Self { heads: towns.into_iter().map(|(_, head)| head).collect(), departments }
    }

    pub(super) fn of(&self, department: u16) -> &[Start] {
        let Ok(at) = self.departments.binary_search_by_key(&department, |(department, _)| *department) else {
            return &[];
        };
        let end = self.departments.get(at + 1).map_or(self.heads.len(), |(_, end)| *end as usize);
        &self.heads[self.departments[at].1 as usize..end]
    }
}
