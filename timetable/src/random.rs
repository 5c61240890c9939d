//! Numbers that look random and are the same for the same seed on every machine.

/// A small generator (splitmix64): 64 bits of state, each number by itself.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        let mut random = Self(seed ^ 0x5DEE_CE66_D1CE_4E5B);
        random.next();
        random
    }

    #[inline]
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 to `n` − 1; 0 where `n` is 0.
    #[inline]
    pub(super) fn below(&mut self, n: usize) -> usize {
        (((self.next() >> 32) * n as u64) >> 32) as usize
    }

    /// Above 0, at most 1.
    #[inline]
    pub(super) fn unit(&mut self) -> f64 {
        ((self.next() >> 11) + 1) as f64 / (1u64 << 53) as f64
    }

    /// One of the set bits.
    pub(super) fn bit(&mut self, words: &[u64]) -> Option<usize> {
        let count: u32 = words.iter().map(|word| word.count_ones()).sum();
        let mut skip = self.below(count as usize) as u32;
        for (n, word) in words.iter().enumerate() {
            let ones = word.count_ones();
            if skip < ones {
                let mut rest = *word;
                (0..skip).for_each(|_| rest &= rest - 1);
                return Some(n * 64 + rest.trailing_zeros() as usize);
            }
            skip -= ones;
        }
        None
    }
}
