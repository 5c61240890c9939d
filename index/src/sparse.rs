//! A value for each supplier that is blank for most. Its memory, as long as the corpus, is used again by the next search of
//! the same thread: asking the system for it anew would cost more than the search.

use std::cell::RefCell;
use std::thread::LocalKey;

/// Spare memory kept by a thread.
const KEPT: usize = 4;

/// A value that can be blank.
pub(crate) trait Spare: Copy + Default + 'static {
    /// Whether nothing was put there.
    fn is_blank(&self) -> bool;

    /// Memory that holds blanks only.
    fn spares() -> &'static LocalKey<RefCell<Vec<Vec<Self>>>>;
}

/// A value for each supplier, and those that have one.
pub(crate) struct Sparse<T: Spare> {
    values: Vec<T>,
    touched: Vec<u32>,
}

impl<T: Spare> Sparse<T> {
    /// Blank for each of so many suppliers.
    pub(crate) fn new(suppliers: usize) -> Self {
        let spare = T::spares().with_borrow_mut(Vec::pop);
        let mut values = spare.unwrap_or_default();
        values.resize(suppliers, T::default());
        Self { values, touched: Vec::new() }
    }

    /// What a supplier has.
    pub(crate) fn get(&self, supplier: u32) -> T {
        self.values[supplier as usize]
    }

    /// The place of a supplier; something other than a blank must be put there.
    pub(crate) fn at(&mut self, supplier: u32) -> &mut T {
        let value = &mut self.values[supplier as usize];
        if value.is_blank() {
            self.touched.push(supplier);
        }
        value
    }

    /// Suppliers that have something, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, T)> {
        self.touched.iter().map(|supplier| (*supplier, self.get(*supplier)))
    }
}

impl<T: Spare> Drop for Sparse<T> {
    fn drop(&mut self) {
        let mut values = std::mem::take(&mut self.values);
        for supplier in &self.touched {
            values[*supplier as usize] = T::default();
        }
        T::spares().with_borrow_mut(|spares| {
            if spares.len() < KEPT {
                spares.push(values);
            }
        });
    }
}
