//! Many short texts in one allocation.

/// Texts by number, in the order they were pushed.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    bytes: String,
    ends: Vec<u32>,
}

impl Texts {
    pub(crate) fn push(&mut self, text: &str) -> u32 {
        self.bytes.push_str(text);
        self.ends.push(u32::try_from(self.bytes.len()).expect("less than 4 GiB of text"));
        u32::try_from(self.ends.len() - 1).expect("fewer texts than bytes")
    }

    pub(crate) fn get(&self, at: u32) -> &str {
        let at = at as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.bytes[start..self.ends[at] as usize]
    }

    pub(crate) fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

/// Runs of values by number, in one allocation.
#[derive(Debug)]
pub(crate) struct Runs<T> {
    values: Vec<T>,
    ends: Vec<u32>,
}

impl<T> Default for Runs<T> {
    fn default() -> Self {
        Self { values: Vec::new(), ends: Vec::new() }
    }
}

impl<T> Runs<T> {
    pub(crate) fn push(&mut self, run: impl IntoIterator<Item = T>) {
        self.values.extend(run);
        self.ends.push(u32::try_from(self.values.len()).expect("fewer than 4 billion values"));
    }

    pub(crate) fn get(&self, at: usize) -> &[T] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.values[start..self.ends[at] as usize]
    }

    pub(crate) fn shrink(&mut self) {
        self.values.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}
