//! What the solver promises, tried on thousands of small days.

mod checking;
mod days;
mod hostile;
mod optimum;
mod telling;
