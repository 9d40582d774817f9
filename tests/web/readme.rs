//! The README's curl lines, pasted one after the other into a shell beside a fresh demo.

use std::process::Command;

use serde_json::Value;

use crate::demo::Demo;

/// The blocks of shell in the README's section on curl, in order, and behind them those of an admin
/// that need no file.
fn blocks() -> Vec<String> {
    let readme = include_str!("../../README.md");
    let (_, readme) = readme.split_once("### The same with curl").expect("the section is there");
    let (section, others) = readme.split_once("\n## ").expect("a section");
    let of = |text: &str| -> Vec<String> {
        let blocks = text.split("```sh\n").skip(1);
        blocks.map(|block| block.split("\n```").next().expect("a block ends").to_owned()).collect()
    };
    let is_admins = |block: &String| block.contains("$ADMIN") && !block.contains('@');
    [of(section), of(others).into_iter().filter(is_admins).collect()].concat()
}

#[test]
fn the_curl_lines_work_when_pasted() {
    if Command::new("curl").arg("--version").output().is_err() {
        crate::support::programs::missing("curl was not found; the README's lines were not run");
        return;
    }
    let demo = Demo::start();
    let blocks = blocks();
    // one shell for all, as for somebody who pastes them; a line between tells their output apart
    let script = blocks.join("\nsleep 1; printf '\\n-----\\n'\n");
    let ran = Command::new("bash")
        .args(["-c", &script])
        .env("VILDAR_URL", &demo.url)
        .env("VILDAR_KEY", &demo.storefront_key)
        .output()
        .expect("bash runs");
    let output = String::from_utf8_lossy(&ran.stdout).into_owned();
    let said: Vec<&str> = output.split("\n-----\n").map(str::trim).collect();
    assert_eq!(said.len(), blocks.len(), "{output}");
    let json = |number: usize| -> Value {
        serde_json::from_str(said[number]).unwrap_or_else(|why| panic!("{why}: {}", said[number]))
    };
    assert_eq!(json(0)["given_name"], "Anna");
    assert_eq!(json(1)["earned"]["points"], 199);
    assert_eq!(json(2)["data"][0]["available"], true, "{}", said[2]);
    assert_eq!(json(3)["state"], "fulfilled", "{}", said[3]);
    assert!(said[4].starts_with("Kóðinn þinn er kominn"), "the letter: {}", said[4]);
    assert_eq!(json(5)["captured_points"], 15, "{}", said[5]);
    assert!(
        json(6)["now"].as_str().is_some_and(|now| now.contains("-12-24T08:00:")),
        "{}",
        said[6]
    );
    assert_eq!(json(7)["data"].as_array().map(Vec::len), Some(1), "{}", said[7]);
    assert_eq!(json(8)["cost_points"], 250, "{}", said[8]);
    let occasions = serde_json::Deserializer::from_str(said[9]).into_iter::<Value>();
    let occasions: Vec<Value> = occasions.collect::<Result<_, _>>().expect("JSON");
    assert_eq!(occasions[0]["kind"], "birthday", "{}", said[9]);
    assert_eq!(occasions[1]["rule"]["holiday"], "konudagur", "{}", said[9]);
    assert!(occasions[2]["data"].as_array().is_some_and(|days| !days.is_empty()), "{}", said[9]);
}
