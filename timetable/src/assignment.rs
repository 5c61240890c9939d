//! Best assignment of one participant's wishes to slots, where what counts besides is how many are assigned.

const FAR: f64 = f64::INFINITY;
const NONE: usize = usize::MAX;

/// Memory of the assignments, used again and again. Rows are wishes, columns slots.
#[derive(Default)]
pub(super) struct Assignment {
    row_price: Vec<f64>,
    col_price: Vec<f64>,
    dist: Vec<f64>,
    near: Vec<f64>,
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
        self.start(columns, rows);
        let mut total = 0.0;
        for (k, &step) in steps.iter().enumerate() {
            self.look_from_free_rows(rows, edges, most);
            if k == 0 {
                self.col_price.clone_from(&self.near);
            }
            let Some((cost, end, radius)) = self.nearest(columns, edges, most) else { break };
            let gain = most - cost + step;
            if gain <= 0.0 {
                break;
            }
            total += gain;
            self.reprice(columns, rows, radius);
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

    fn start(&mut self, columns: usize, rows: usize) {
        self.row_price.clear();
        self.row_price.resize(rows, 0.0);
        self.assigned.clear();
        self.assigned.resize(rows, NONE);
        self.owner.clear();
        self.owner.resize(columns, NONE);
    }

    /// Per column what it costs the nearest free row, and which that is. Free rows have no price.
    fn look_from_free_rows(&mut self, rows: usize, edges: &Edges<'_>, most: f64) {
        let columns = self.owner.len();
        self.near.clear();
        self.near.resize(columns, FAR);
        self.from.clear();
        self.from.resize(columns, NONE);
        for i in (0..rows).filter(|&i| self.assigned[i] == NONE) {
            for &(t, value) in edges.of(i) {
                let t = usize::from(t);
                if most - value < self.near[t] {
                    self.near[t] = most - value;
                    self.from[t] = i;
                }
            }
        }
    }

    /// The cheapest path from a free row to a free column: cost, column, and how far was looked (Dijkstra on a dense small
    /// graph, in reduced distances; it ends where nothing farther can be cheaper).
    fn nearest(&mut self, columns: usize, edges: &Edges<'_>, most: f64) -> Option<(f64, usize, f64)> {
        self.done.clear();
        self.done.resize(columns, false);
        self.dist.clear();
        self.dist.resize(columns, FAR);
        let mut least = FAR;
        for t in 0..columns {
            if self.near[t] < FAR {
                self.dist[t] = self.near[t] - self.col_price[t];
            }
            if self.owner[t] == NONE {
                least = least.min(self.col_price[t]);
            }
        }
        let (mut best, mut end, mut radius) = (FAR, NONE, 0.0);
        loop {
            let (mut near, mut at) = (FAR, NONE);
            for (t, (&dist, &done)) in self.dist.iter().zip(&self.done).enumerate() {
                if !done && dist < near {
                    (near, at) = (dist, t);
                }
            }
            if at == NONE {
                break;
            }
            radius = near;
            if near + least >= best {
                break;
            }
            self.done[at] = true;
            let i = self.owner[at];
            if i != NONE {
                self.relax(i, near, edges.of(i), most);
            } else if near + self.col_price[at] < best {
                (best, end) = (near + self.col_price[at], at);
            }
        }
        (end != NONE).then_some((best, end, radius))
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

    fn reprice(&mut self, columns: usize, rows: usize, radius: f64) {
        for i in 0..rows {
            let t = self.assigned[i];
            if t != NONE {
                self.row_price[i] += self.dist[t].min(radius);
            }
        }
        for t in 0..columns {
            if self.col_price[t] < FAR {
                self.col_price[t] += self.dist[t].min(radius);
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
