//! Accounts, Regions, STS, and requests that nothing serves.

use serde_json::{Value, json};

use crate::client::{Sim, plain_table};

async fn sts(sim: &Sim, authorization: Option<&str>, form: &str) -> (u16, String) {
    let mut request = sim
        .http
        .post(sim.url())
        .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
        .body(form.to_owned());
    if let Some(access_key) = authorization {
        let scope = format!("{access_key}/20260102/us-east-1/sts/aws4_request");
        let header = format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=00");
        request = request.header("authorization", header);
    }
    let response = request.send().await.expect("the simulator answers");
    (
        response.status().as_u16(),
        response.text().await.expect("STS answers text"),
    )
}

fn element<'a>(xml: &'a str, name: &str) -> &'a str {
    let (_, rest) = xml
        .split_once(&format!("<{name}>"))
        .unwrap_or_else(|| panic!("no {name} in {xml}"));
    rest.split_once('<').map_or(rest, |(text, _)| text)
}

#[tokio::test]
async fn the_access_key_is_the_account() {
    let sim = Sim::start().await;
    let who = "Action=GetCallerIdentity&Version=2011-06-15";
    for (access_key, account) in [
        ("999988887777", "999988887777"),
        ("AKIAIOSFODNN7EXAMPLE", "111122223333"),
    ] {
        let (status, xml) = sts(&sim, Some(access_key), who).await;
        assert_eq!(status, 200, "{xml}");
        assert_eq!(element(&xml, "Account"), account);
        assert_eq!(
            element(&xml, "Arn"),
            format!("arn:aws:iam::{account}:user/simulated")
        );
    }
}

#[tokio::test]
async fn accounts_and_regions_do_not_see_each_other() {
    let sim = Sim::start().await;
    for caller in [
        sim.caller(),
        sim.caller_of("999988887777"),
        sim.caller_in("eu-west-1"),
    ] {
        caller.ok("CreateTable", plain_table("Music")).await;
        assert_eq!(
            caller.ok("ListTables", json!({})).await["TableNames"],
            json!(["Music"])
        );
    }
}

#[tokio::test]
async fn an_assumed_role_acts_in_its_own_account() {
    let sim = Sim::start().await;
    let role = "RoleArn=arn%3Aaws%3Aiam%3A%3A999988887777%3Arole%2Fteam%2Fdeploy&RoleSessionName=ci";
    let (status, xml) = sts(
        &sim,
        Some("111122223333"),
        &format!("Action=AssumeRole&Version=2011-06-15&{role}"),
    )
    .await;
    assert_eq!(status, 200, "{xml}");
    let key = element(&xml, "AccessKeyId").to_owned();
    assert!(element(&xml, "Expiration").ends_with('Z'), "{xml}");
    let (_, xml) = sts(&sim, Some(&key), "Action=GetCallerIdentity&Version=2011-06-15").await;
    assert_eq!(
        element(&xml, "Arn"),
        "arn:aws:sts::999988887777:assumed-role/deploy/ci"
    );
    sim.caller_of(&key).ok("CreateTable", plain_table("Music")).await;
    assert_eq!(
        sim.caller().ok("ListTables", json!({})).await["TableNames"],
        json!([])
    );

    let web = format!("Action=AssumeRoleWithWebIdentity&Version=2011-06-15&{role}&WebIdentityToken=token");
    let (status, xml) = sts(&sim, None, &web).await;
    assert_eq!(status, 200, "a web identity needs no signature: {xml}");
    assert_eq!(
        element(&xml, "Arn"),
        "arn:aws:sts::999988887777:assumed-role/deploy/ci"
    );
}

#[tokio::test]
async fn requests_that_sts_refuses() {
    let sim = Sim::start().await;
    for (access_key, form, status, code) in [
        (
            None,
            "Action=GetCallerIdentity&Version=2011-06-15",
            403,
            "MissingAuthenticationToken",
        ),
        (
            Some("x"),
            "Action=AssumeRole&Version=2011-06-15&RoleSessionName=ci",
            400,
            "ValidationError",
        ),
        (
            Some("x"),
            "Action=AssumeRole&Version=2011-06-15&RoleSessionName=ci&RoleArn=arn:aws:s3:::bucket-name",
            400,
            "ValidationError",
        ),
        (
            Some("x"),
            "Action=Nonsense&Version=2011-06-15",
            400,
            "InvalidAction",
        ),
    ] {
        let (answered, xml) = sts(&sim, access_key, form).await;
        assert_eq!((answered, element(&xml, "Code")), (status, code), "{form}");
    }
}

#[tokio::test]
async fn requests_that_no_service_takes() {
    let sim = Sim::start().await;
    let unsigned = sim
        .http
        .post(sim.url())
        .header("x-amz-target", "DynamoDB_20120810.ListTables")
        .body("{}")
        .send()
        .await
        .expect("the simulator answers");
    assert_eq!(unsigned.status(), 400);
    let answer: Value = unsigned.json().await.expect("JSON");
    assert_eq!(
        answer["__type"],
        "com.amazon.coral.service#MissingAuthenticationTokenException"
    );

    let unknown = "UnknownOperationException: The simulator does not play";
    sim.caller()
        .refuses("TransactWriteItems", json!({}), unknown)
        .await;
    let backup = sim
        .caller()
        .request("backup", "", &json!({}))
        .send()
        .await
        .expect("the simulator answers");
    assert_eq!(backup.status(), 400);
    let scope =
        "AWS4-HMAC-SHA256 Credential=x/20260102/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=00";
    let iam = sim
        .http
        .post(sim.url())
        .header("authorization", scope)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("Action=GetUser&Version=2010-05-08")
        .send()
        .await
        .expect("the simulator answers");
    let xml = iam.text().await.expect("text");
    assert_eq!(
        element(&xml, "Code"),
        "InvalidAction",
        "a query client expects XML"
    );
    let calls = sim.calls("TransactWriteItems").await;
    assert_eq!(calls[0]["error"], "UnknownOperationException");
}
