//! When Auto-PGD halves its step size (Croce & Hein 2020, “Reliable evaluation of adversarial
//! robustness with an ensemble of diverse parameter-free attacks”, section 3.1).

/// The periods between checkpoints (section 3.1): the first takes 22 % of the steps, each
/// further one 3 % less than the one before, and none less than 6 %.
#[derive(Debug, Clone, Copy)]
struct Checkpoints {
    /// Length of the period under way.
    period: usize,
    least: usize,
    shorter: usize,
    /// Steps of it that are done.
    done: usize,
}

impl Checkpoints {
    fn new(steps: usize) -> Self {
        let percent = |share: usize| (share * steps / 100).max(1);
        Checkpoints { period: percent(22), least: percent(6), shorter: percent(3), done: 0 }
    }

    /// Counts a step; if that ends a period, tells how long it was.
    fn step(&mut self) -> Option<usize> {
        self.done += 1;
        if self.done < self.period {
            return None;
        }
        self.done = 0;
        let ended = self.period;
        self.period = ended.saturating_sub(self.shorter).max(self.least);
        Some(ended)
    }
}

/// Whether the step size still pays, from the losses alone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Progress {
    rho: f32,
    checkpoints: Checkpoints,
    last: f32,
    best: f32,
    /// Steps of this period that raised the loss.
    raised: usize,
    best_at_checkpoint: f32,
    halved_at_checkpoint: bool,
}

impl Progress {
    /// From the loss at the start.
    pub fn new(steps: usize, rho: f32, loss: f32) -> Self {
        Progress {
            rho,
            checkpoints: Checkpoints::new(steps),
            last: loss,
            best: loss,
            raised: 0,
            best_at_checkpoint: loss,
            // Condition 2 asks for a whole period at the same step size.
            halved_at_checkpoint: true,
        }
    }

    /// Takes down the loss after a step: whether the step size is to be halved.
    pub fn step(&mut self, loss: f32) -> bool {
        self.raised += usize::from(loss > self.last);
        self.last = loss;
        if loss > self.best {
            self.best = loss;
        }
        let Some(period) = self.checkpoints.step() else { return false };
        // Condition 1: too few steps raised the loss. Condition 2: the last checkpoint left the
        // step size as it was, and the best loss is still the same.
        let oscillates = self.raised as f32 <= self.rho * period as f32;
        let stands = !self.halved_at_checkpoint && self.best_at_checkpoint >= self.best;
        let halve = oscillates || stands;
        self.raised = 0;
        self.best_at_checkpoint = self.best;
        self.halved_at_checkpoint = halve;
        halve
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checkpoints_are_the_papers() {
        let checkpoints = |steps| {
            let mut state = Checkpoints::new(steps);
            (1..=steps).filter(|_| state.step().is_some()).collect::<Vec<_>>()
        };
        // Section 3.1: 0.22, then 0.19 later, 0.16, …, never less than 0.06.
        assert_eq!(checkpoints(100), [22, 41, 57, 70, 80, 87, 93, 99]);
        assert_eq!(checkpoints(5), [1, 2, 3, 4, 5]);
    }

    /// Which steps halved the step size.
    fn halvings(losses: impl Iterator<Item = f32>) -> Vec<usize> {
        let mut progress = Progress::new(100, 0.75, 0.0);
        let halved = losses.enumerate().filter(|(_, loss)| progress.step(*loss));
        halved.map(|(step, _)| step + 1).collect()
    }

    #[test]
    fn the_step_size_is_halved_where_it_does_not_pay() {
        let all = [22, 41, 57, 70, 80, 87, 93, 99];
        assert_eq!(halvings((1..=100).map(|step| step as f32)), [0; 0]);
        assert_eq!(halvings((1..=100).map(|_| 1.0)), all);
        // Of 22 steps 17 must raise the loss: ρ · 22 is 16.5.
        let rising = |steps: usize| halvings((1..=22).map(move |step| step.min(steps) as f32));
        assert_eq!((rising(17), rising(16)), (vec![], vec![22]));
        // Condition 2: one great loss early on, small rises after it. A halving comes at every
        // other checkpoint, because it asks for a period at the same step size.
        let standing = (1..=100).map(|step| if step == 1 { 1e6 } else { step as f32 });
        assert_eq!(halvings(standing), [41, 70, 87, 99]);
    }
}
