//! A page as a strict reader sees it: an element left open or closed twice ends the test.

/// Elements that hold nothing and are not closed.
const VOID: [&str; 9] = ["br", "hr", "img", "input", "link", "meta", "source", "wbr", "col"];

/// A page, its elements in the order in which they open.
pub(crate) struct Html {
    pub(crate) elements: Vec<Element>,
}

/// One element.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
    /// What it says, elements inside included, spaces made one.
    pub(crate) text: String,
    /// Place of the element it stands in.
    parent: Option<usize>,
}

impl Element {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().map(|(name, _)| name.as_str())
    }

    fn has_class(&self, class: &str) -> bool {
        self.attribute("class").is_some_and(|all| all.split(' ').any(|one| one == class))
    }
}

impl Html {
    /// Reads a page.
    pub(crate) fn read(text: &str) -> Self {
        let mut page = Self { elements: Vec::new() };
        let mut open: Vec<usize> = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find('<') {
            page.say(&open, &rest[..at]);
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix("<!--") {
                rest = after.split_once("-->").expect("a comment ends").1;
            } else if rest.starts_with("<!") {
                rest = rest.split_once('>').expect("a declaration ends").1;
            } else if let Some(after) = rest.strip_prefix("</") {
                let (name, after) = after.split_once('>').expect("an end tag ends");
                let last = open.pop().unwrap_or_else(|| panic!("</{name}> closes nothing"));
                assert_eq!(page.elements[last].name, name, "closed in disorder: {:?}", page.elements[last]);
                rest = after;
            } else {
                rest = page.open(&mut open, rest);
            }
        }
        assert!(open.is_empty(), "left open: {:?}", open.iter().map(|at| &page.elements[*at].name).collect::<Vec<_>>());
        // What a person types keeps its lines.
        for element in page.elements.iter_mut().filter(|element| element.name != "textarea") {
            element.text = element.text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        page
    }

    /// Elements of this name, or of this class after a dot: `"a"`, `".chip"`.
    pub(crate) fn all(&self, what: &str) -> Vec<&Element> {
        self.elements.iter().filter(|element| is(element, what)).collect()
    }

    /// Those that stand in an element of this name or class.
    pub(crate) fn inside(&self, outer: &str, what: &str) -> Vec<&Element> {
        self.elements.iter().filter(|element| is(element, what) && self.stands_in(element, outer)).collect()
    }

    /// The texts of these elements.
    pub(crate) fn texts(&self, what: &str) -> Vec<&str> {
        self.all(what).into_iter().map(|element| element.text.as_str()).collect()
    }

    pub(crate) fn by_id(&self, id: &str) -> Option<&Element> {
        self.elements.iter().find(|element| element.attribute("id") == Some(id))
    }

    /// Address of the link that says this, among others.
    pub(crate) fn link(&self, words: &str) -> &str {
        let found = self.all("a").into_iter().find(|link| link.text.contains(words));
        found.and_then(|link| link.attribute("href")).unwrap_or_else(|| panic!("no link says {words:?}"))
    }

    /// Whether an element stands in one of this name or class.
    pub(crate) fn stands_in(&self, element: &Element, outer: &str) -> bool {
        let mut up = element.parent;
        while let Some(at) = up {
            if is(&self.elements[at], outer) {
                return true;
            }
            up = self.elements[at].parent;
        }
        false
    }

    /// Whether `inner` stands in `outer` itself.
    pub(crate) fn contains(&self, outer: &Element, inner: &Element) -> bool {
        let mut up = inner.parent;
        while let Some(at) = up {
            if std::ptr::eq(&raw const self.elements[at], outer) {
                return true;
            }
            up = self.elements[at].parent;
        }
        false
    }

    fn say(&mut self, open: &[usize], text: &str) {
        let text = decoded(text);
        for at in open {
            self.elements[*at].text.push_str(&text);
        }
    }

    /// Takes in one start tag and gives what follows it; of a script, what follows its end.
    fn open<'a>(&mut self, open: &mut Vec<usize>, tag: &'a str) -> &'a str {
        let name_end = tag.find(|c: char| c.is_whitespace() || c == '>' || c == '/').expect("a tag ends");
        let name = tag[1..name_end].to_owned();
        assert!(
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
            "a stray <: {tag:.80}"
        );
        let (attributes, mut rest, closed) = attributes(&tag[name_end..]);
        let mut seen: Vec<&String> = attributes.iter().map(|(name, _)| name).collect();
        seen.sort_unstable();
        assert!(seen.windows(2).all(|pair| pair[0] != pair[1]), "an attribute twice: {tag:.120}");
        let raw = name == "script" || name == "style";
        let void = VOID.contains(&name.as_str());
        self.elements.push(Element {
            name: name.clone(),
            attributes,
            text: String::new(),
            parent: open.last().copied(),
        });
        if raw {
            let (inside, after) = rest.split_once(&format!("</{name}>")).expect("a script ends");
            inside.clone_into(&mut self.elements.last_mut().expect("just pushed").text);
            rest = after;
        } else if !closed && !void {
            open.push(self.elements.len() - 1);
        }
        rest
    }
}

fn is(element: &Element, what: &str) -> bool {
    what.strip_prefix('.').map_or(element.name == what, |class| element.has_class(class))
}

/// Names and values up to the end of the tag, what follows it, and whether it closed itself.
fn attributes(tag: &str) -> (Vec<(String, String)>, &str, bool) {
    let (mut found, mut rest) = (Vec::new(), tag.trim_start());
    loop {
        if let Some(after) = rest.strip_prefix("/>") {
            return (found, after, true);
        }
        if let Some(after) = rest.strip_prefix('>') {
            return (found, after, false);
        }
        let end = rest.find(|c: char| c.is_whitespace() || "=>/".contains(c)).expect("an attribute ends");
        assert!(end > 0, "not an attribute: {rest:.60}");
        let name = rest[..end].to_owned();
        rest = rest[end..].trim_start();
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let quote = after.chars().next().filter(|c| "\"'".contains(*c)).expect("values are quoted");
            let (inside, after) = after[1..].split_once(quote).expect("a value ends");
            value = decoded(inside);
            rest = after;
        }
        found.push((name, value));
        rest = rest.trim_start();
    }
}

fn decoded(text: &str) -> String {
    let mut pieces = text.split('&');
    let mut all = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (entity, rest) = piece.split_once(';').unwrap_or_else(|| panic!("a bare & in {text:?}"));
        let number = entity.strip_prefix("#x").map(|hex| u32::from_str_radix(hex, 16));
        let number = number.or_else(|| entity.strip_prefix('#').map(str::parse));
        all.push(match (entity, number) {
            ("amp", _) => '&',
            ("lt", _) => '<',
            ("gt", _) => '>',
            ("quot", _) => '"',
            ("nbsp", _) => '\u{a0}',
            (_, Some(Ok(number))) => char::from_u32(number).expect("a character"),
            _ => panic!("what is &{entity};?"),
        });
        all.push_str(rest);
    }
    all
}
