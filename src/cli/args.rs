//! The command line.

use std::path::PathBuf;

#[cfg(feature = "demo")]
use super::emulate::Emulate;
use crate::tui::effects::WORKER;
use obx_core::config::{Flags, KeepingFlags};

/// Explore items of 1688 by OneBound's API.
///
/// Without credentials obx starts in DEMO: an emulator on this machine answers. With `OBX_KEY` and
/// `OBX_SECRET`, or a config file, it speaks to the vendor's gateway.
#[derive(clap::Parser, Debug)]
#[command(name = "obx", version, args_conflicts_with_subcommands = true, max_term_width = 100)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Option<Subcommand>,
    #[command(flatten)]
    pub(super) explore: Explore,
}

/// The explorer's arguments.
#[derive(clap::Args, Debug)]
pub(super) struct Explore {
    /// Item ID, or the address of an offer: filled in, not fetched
    #[arg(value_name = "ID")]
    pub(super) id: Option<String>,
    /// Config file in place of the usual one
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Profile of the config file
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Gateway to call; repeatable, the next is tried while nothing was sent
    #[arg(long = "host", value_name = "URL")]
    hosts: Vec<String>,
    /// Whether the secret goes along in clear, or a signature made with it
    #[arg(long, value_name = "secret|sign")]
    auth: Option<String>,
    /// The vendor's `api_type`: 1688 or 1688global
    #[arg(long, value_name = "NAME")]
    platform: Option<String>,
    /// The API's language: cn, en, ru. Other than cn is billed as a translation
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
    /// Whether the vendor's cached copy will do
    #[arg(long, value_name = "yes|no")]
    cache: Option<String>,
    /// The vendor's version parameter
    #[arg(long, value_name = "VERSION")]
    api_version: Option<String>,
    /// The form of the answer: json, jsonu, xml, serialize or `var_export`
    #[arg(long, value_name = "TYPE")]
    result_type: Option<String>,
    /// Ask for the last 30 days' sales
    #[arg(long)]
    sales_data: bool,
    /// Ask for drop-shipping prices
    #[arg(long)]
    agent: bool,
    /// Any further parameter; repeatable
    #[arg(long = "param", value_name = "NAME=VALUE")]
    params: Vec<String>,
    /// The interface's language: en or zh-CN
    #[arg(long, value_name = "LANG")]
    ui_lang: Option<String>,
    #[command(flatten)]
    keeping: Keeping,
}

/// Where answers are kept, and what holds calls back.
#[derive(clap::Args, Debug)]
struct Keeping {
    /// File in which every answer is kept, in place of the usual one
    #[arg(long, value_name = "FILE", conflicts_with = "no_store")]
    store: Option<PathBuf>,
    /// Keep answers in memory, until the end of the session
    #[arg(long)]
    no_store: bool,
    /// Send nothing: only stored answers are shown
    #[arg(long)]
    offline: bool,
    /// Calls a Beijing day after which obx asks before it sends another
    #[arg(long, value_name = "CALLS")]
    cap: Option<u64>,
    /// Calls of the vendor's quota that are left alone unless you insist
    #[arg(long, value_name = "CALLS")]
    reserve: Option<u64>,
}

impl Explore {
    pub(super) fn flags(&self) -> Flags {
        Flags {
            config: self.config.clone(),
            profile: self.profile.clone(),
            hosts: self.hosts.clone(),
            auth: self.auth.clone(),
            platform: self.platform.clone(),
            lang: self.lang.clone(),
            cache: self.cache.clone(),
            api_version: self.api_version.clone(),
            result_type: self.result_type.clone(),
            sales_data: self.sales_data,
            agent: self.agent,
            params: self.params.clone(),
            ui_lang: self.ui_lang.clone(),
            keeping: KeepingFlags {
                store: self.keeping.store.clone(),
                no_store: self.keeping.no_store,
                offline: self.keeping.offline,
                cap: self.keeping.cap,
                reserve: self.keeping.reserve,
            },
        }
    }
}

#[derive(clap::Subcommand, Debug)]
pub(super) enum Subcommand {
    /// Run the emulator of the vendor's gateway by itself
    #[cfg(feature = "demo")]
    Emulate(Emulate),
    /// Run jq programs for the explorer, which starts it by itself
    #[command(hide = true, name = WORKER)]
    FilterWorker,
    /// Open a saved answer or a HAR file in the explorer; nothing is sent
    View(View),
}

/// What is looked at.
#[derive(clap::Args, Debug)]
pub(super) struct View {
    /// A body as it was saved, or a HAR file whose entries become the log; - reads stdin
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// The most that is read, up to 1024MiB; 256MB unless the config file says otherwise
    #[arg(long, value_name = "SIZE")]
    pub(super) max_size: Option<String>,
    /// The interface's language: en or zh-CN
    #[arg(long, value_name = "LANG")]
    pub(super) ui_lang: Option<String>,
}
