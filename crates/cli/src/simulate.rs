//! `simulate`: the simulated contact centre, alone, until interrupted.

use atalaya_simulator::Config;

use crate::args::Simulate;
use crate::connect::interrupted;
use crate::failure::Failure;

/// Runs it.
pub async fn run(args: Simulate) -> Result<(), Failure> {
    let simulator = atalaya_simulator::start(Config {
        campaigns: args.campaigns,
        agents: args.agents,
        calls_per_day: args.calls,
        seed: args.seed,
        port: args.port,
        backup_port: args.backup_port,
        control: true,
        pace: args.pace,
        ..Config::default()
    })
    .await
    .map_err(|error| {
        Failure::new(format!("the simulated contact centre could not start: {error}; try another --port"))
    })?;
    println!("server     {}", simulator.server_url());
    println!("telephony  {}", simulator.telephony_url());
    println!("backup     {}", simulator.backup_url());
    println!("user       {}", simulator.user());
    println!("password   {}", simulator.password());
    eprintln!("Running; Ctrl-C stops it.");
    interrupted().await;
    simulator.stop().await;
    Ok(())
}
