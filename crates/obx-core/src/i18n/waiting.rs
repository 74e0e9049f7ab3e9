//! What a call waits for before it is sent, and what belongs to another session or another gateway.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    // In place of "Fetching", while nothing is sent.
    waits_for_store(id, escape) => "Nothing sent for {id} yet: the store records the call first. If that takes long, another program has locked the store. {escape} stops waiting.", "尚未调用 {id}：须先把本次调用写入存档。若迟迟没有进展，说明存档被其他程序占用。按{escape}停止等待。";
    waits_for_call(id, escape) => "Nothing sent for {id}: the same call is under way, and its answer will be used. {escape} stops waiting.", "未发送 {id} 的调用：相同的调用正在进行，将采用其结果。按{escape}停止等待。";
    waits_for_session(id, who, escape) => "Nothing sent for {id}: {who} is making the same call, and its answer will be used. {escape} stops waiting.", "未发送 {id} 的调用：{who}正在发起相同的调用，将采用其结果。按{escape}停止等待。";
    waiting_for_store(id, seconds, escape) => "{id}  waiting for the store, {seconds} s  {escape} stops", "{id}  等待存档 {seconds}秒  {escape}停止等待";
    waiting_for_call(id, seconds, escape) => "{id}  waiting for the same call, {seconds} s  {escape} stops", "{id}  等待相同的调用 {seconds}秒  {escape}停止等待";
    waiting_for_session(id, seconds, escape) => "{id}  waiting for another session, {seconds} s  {escape} stops", "{id}  等待另一会话 {seconds}秒  {escape}停止等待";
    waiting_for_person(id, name, seconds, escape) => "{id}  waiting for {name}, {seconds} s  {escape} stops", "{id}  等待{name} {seconds}秒  {escape}停止等待";
    nothing_sent_yet => "nothing sent yet", "尚未发送任何调用";
    other_session => "another session", "另一会话";
    other_session_pid(pid) => "another session (pid {pid})", "另一会话（pid {pid}）";
    other_session_at(pid, machine) => "another session (pid {pid} on {machine})", "另一会话（{machine} 的 pid {pid}）";
    session_of_person(name) => "{name}'s session", "{name}的会话";

    // A row that another session has under way.
    row_of_session => "under way in another session", "另一会话进行中";
    row_of_person(name) => "{name}, under way", "{name}，进行中";
    row_of_pid(pid) => "pid {pid}, under way", "pid {pid}，进行中";
    row_of_machine(pid, machine) => "pid {pid} on {machine}, under way", "{machine} 的 pid {pid}，进行中";
    outcome_pending_in_session(id, who) => "The call for {id} is under way in {who}; its outcome will appear in this row", "{id} 的调用正由{who}进行，结果将显示在此行";

    // Answers of another gateway than the session's.
    of_other_gateway(host) => "Answered by another gateway, {host}, not by this session's", "此结果来自另一网关 {host}，并非当前会话的网关";
    advice_other_gateway(refetch) => "This answer only counts for calls to that gateway; {refetch} refetches from this session's gateway", "此结果仅适用于该网关；按{refetch}向当前会话的网关重新获取";
    source_other_gateway(host, clock) => "another gateway, {host}, {clock}", "另一网关 {host} {clock}";
    host_of_other_gateway(host) => "{host} (another gateway)", "{host}（另一网关）";
}
