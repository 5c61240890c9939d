//! Best assignment of one participant's wishes to slots, where what counts besides is how many are assigned.

const FAR: f64 = f64::INFINITY;
const NONE: usize = usize::MAX;

/// Memory of the assignments, used again and again. Rows are wishes, columns slots.
#[derive(Default)]
pub(super) struct Assignment {
    row_price: Vec<f64>,
    col_price: Vec<f64>,
    dist: Vec<f64>,
    done: Vec<bool>,
    from: Vec<usize>,
    owner: Vec<usize>,
    /// Per row the column that it is assigned, or `usize::MAX`.
    pub(super) assigned: Vec<usize>,
}

impl Assignment {
    /// Maximises the sum of the values of the chosen edges plus `steps[0] + … + steps[k − 1]` for k chosen edges.
    /// `edges`: per row its columns and values; `steps` must not rise, and at most `steps.len()` edges are chosen.
    /// Gives the maximum; `assigned` is where it is reached.
    ///
    /// Successive best augmenting paths: the gains of the paths fall with k, as do `steps`, so the first k whose gain is
    /// not positive ends it. O(k · (columns² + edges)). Exact where all values are multiples of one power of two and
    /// their sums fit 53 bits, as it only adds and subtracts.
    pub(super) fn solve(&mut self, columns: usize, rows: usize, edges: &Edges<'_>, steps: &[f64]) -> f64 {
        let most = edges.all().iter().fold(0.0f64, |most, edge| most.max(edge.1));
        self.start(columns, rows, edges, most);
        let mut total = 0.0;
        for &step in steps {
            self.distances(columns, rows, edges, most);
            let free = (0..columns).filter(|&t| self.owner[t] == NONE && self.dist[t] < FAR);
            let nearest = free.map(|t| (self.dist[t] + self.col_price[t], t)).min_by(|x, y| x.0.total_cmp(&y.0));
            let Some((cost, end)) = nearest else { break };
            let gain = most - cost + step;
            if gain <= 0.0 {
                break;
            }
            total += gain;
            self.reprice(columns, rows);
            let mut t = end;
            loop {
                let i = self.from[t];
                let had = self.assigned[i];
                self.owner[t] = i;
                self.assigned[i] = t;
                if had == NONE {
                    break;
                }
                t = had;
            }
        }
        total
    }

    fn start(&mut self, columns: usize, rows: usize, edges: &Edges<'_>, most: f64) {
        self.row_price.clear();
        self.row_price.resize(rows, 0.0);
        self.col_price.clear();
        self.col_price.resize(columns, FAR);
        for &(t, value) in edges.all() {
            let price = &mut self.col_price[usize::from(t)];
            *price = price.min(most - value);
        }
        self.assigned.clear();
        self.assigned.resize(rows, NONE);
        self.owner.clear();
        self.owner.resize(columns, NONE);
    }

    /// Reduced distances of all columns from the free rows (Dijkstra on a dense small graph).
    fn distances(&mut self, columns: usize, rows: usize, edges: &Edges<'_>, most: f64) {
        self.dist.clear();
        self.dist.resize(columns, FAR);
        self.done.clear();
        self.done.resize(columns, false);
        self.from.clear();
        self.from.resize(columns, NONE);
        for i in 0..rows {
            if self.assigned[i] == NONE {
                self.relax(i, 0.0, edges.of(i), most);
            }
        }
        loop {
            let (mut near, mut at) = (FAR, NONE);
            for t in 0..columns {
                if !self.done[t] && self.dist[t] < near {
                    (near, at) = (self.dist[t], t);
                }
            }
            if at == NONE {
                return;
            }
            self.done[at] = true;
            if self.owner[at] != NONE {
                let i = self.owner[at];
                self.relax(i, near, edges.of(i), most);
            }
        }
    }

    #[inline]
    fn relax(&mut self, i: usize, base: f64, edges: &[(u16, f64)], most: f64) {
        for &(t, value) in edges {
            let t = usize::from(t);
            let dist = base + (most - value) + self.row_price[i] - self.col_price[t];
            if dist < self.dist[t] && !self.done[t] {
                self.dist[t] = dist;
                self.from[t] = i;
            }
        }
    }

    fn reprice(&mut self, columns: usize, rows: usize) {
        let far = self.dist.iter().filter(|d| **d < FAR).fold(0.0f64, |far, &d| far.max(d));
        for i in 0..rows {
            let t = self.assigned[i];
            if t != NONE {
                self.row_price[i] += self.dist[t].min(far);
            }
        }
        for t in 0..columns {
            if self.col_price[t] < FAR {
                self.col_price[t] += self.dist[t].min(far);
            }
        }
    }
}

/// Edges of all rows, row by row.
pub(super) struct Edges<'e> {
    pub(super) start: &'e [u32],
    pub(super) items: &'e [(u16, f64)],
}

impl Edges<'_> {
    fn of(&self, i: usize) -> &[(u16, f64)] {
        &self.items[self.start[i] as usize..self.start[i + 1] as usize]
    }

    fn all(&self) -> &[(u16, f64)] {
        self.items
    }
}
