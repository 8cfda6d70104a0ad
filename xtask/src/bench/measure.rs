//! Runs a program and tells what it cost: time on the clock, time on the processors, most memory.
//!
//! A new process is born with its parent's memory, and Linux counts that as its own peak. So the program is started by
//! a small process in between (`xtask measure`), which has little in memory and writes down what it saw. Peaks below its
//! own few megabytes cannot be seen.

use std::fmt;
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::time::Instant;
use wait4::Wait4;

/// What one run cost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Cost {
    /// Seconds on the clock.
    pub(crate) wall: f64,
    /// Seconds on all processors, in the program and in the system for it.
    pub(crate) cpu: f64,
    /// Most resident memory in bytes; 0 where the system does not tell.
    pub(crate) peak: u64,
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.wall, self.cpu, self.peak)
    }
}

impl FromStr for Cost {
    type Err = String;

    fn from_str(text: &str) -> Result<Cost, String> {
        let unclear = || format!("`{text}` is no measurement");
        let [wall, cpu, peak] = text.split_whitespace().collect::<Vec<_>>()[..] else {
            return Err(unclear());
        };
        let seconds = |text: &str| text.parse().map_err(|_| unclear());
        Ok(Cost { wall: seconds(wall)?, cpu: seconds(cpu)?, peak: peak.parse().map_err(|_| unclear())? })
    }
}

/// Runs a program through the small process in between.
pub(crate) fn run(command: &Command) -> Result<Cost, String> {
    let own = std::env::current_exe().map_err(|error| format!("cannot find myself: {error}"))?;
    let output = Command::new(own)
        .args(["measure", "--"])
        .arg(command.get_program())
        .args(command.get_args())
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cannot run myself: {error}"))?;
    if output.status.success() {
        String::from_utf8_lossy(&output.stdout).parse()
    } else {
        Err(String::from_utf8_lossy(&output.stderr).trim().trim_start_matches("xtask: ").to_owned())
    }
}

/// Runs a program from this process, to its end and without output. Status 1 is an answer of the programs measured
/// here, not a failure.
pub(crate) fn here(command: &mut Command) -> Result<Cost, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let child = command.spawn().map_err(|error| format!("cannot run {name}: {error}"))?;
    let used = child.wait4().map_err(|error| format!("cannot measure {name}: {error}"))?;
    let wall = start.elapsed().as_secs_f64();
    match used.status.code() {
        Some(0 | 1) => {
            let cpu = (used.rusage.utime + used.rusage.stime).as_secs_f64();
            Ok(Cost { wall, cpu, peak: used.rusage.maxrss })
        }
        _ => Err(format!("{name} ended with {}; run it by hand to see why", used.status)),
    }
}

/// The median of each figure by itself; `None` of nothing.
pub(crate) fn median(costs: &[Cost]) -> Option<Cost> {
    let middle = |of: &dyn Fn(&Cost) -> f64| {
        let mut values: Vec<f64> = costs.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        let (low, high) = (values.get((values.len().checked_sub(1)?) / 2)?, values.get(values.len() / 2)?);
        Some(f64::midpoint(*low, *high))
    };
    let mut peaks: Vec<u64> = costs.iter().map(|cost| cost.peak).collect();
    peaks.sort_unstable();
    Some(Cost { wall: middle(&|cost| cost.wall)?, cpu: middle(&|cost| cost.cpu)?, peak: *peaks.get(peaks.len() / 2)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_taken_of_each_figure() {
        let cost = |wall, cpu, peak| Cost { wall, cpu, peak };
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[cost(3.0, 1.0, 5), cost(1.0, 9.0, 7), cost(2.0, 2.0, 6)]), Some(cost(2.0, 2.0, 6)));
        assert_eq!(median(&[cost(1.0, 2.0, 5), cost(3.0, 4.0, 7)]), Some(cost(2.0, 3.0, 7)));
    }

    #[test]
    fn a_cost_is_written_and_read_without_loss() {
        let cost = Cost { wall: 0.1 + 0.2, cpu: 1e-6, peak: 7 };
        assert_eq!(cost.to_string().parse(), Ok(cost));
        assert!("1 2".parse::<Cost>().is_err() && "a b c".parse::<Cost>().is_err());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_run_costs_time_and_memory() {
        let cost = here(Command::new("sleep").arg("0.05")).expect("sleep is everywhere");
        assert!(cost.wall >= 0.05 && cost.peak > 100_000, "{cost:?}");
        assert!(here(&mut Command::new("/no/such/program")).is_err());
    }
}
