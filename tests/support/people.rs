//! The cast that signs in, with browsers that keep cookies as browsers do.

use std::sync::Mutex;

use manger_local::{
    accounts,
    app::App,
    mail::{EmailAddress, latest},
};
use poem::{
    endpoint::BoxEndpoint,
    http::{StatusCode, header},
    test::{TestClient, TestForm, TestFormField, TestResponse},
};
use sea_orm::{ConnectionTrait, QueryResult, Statement};

use super::html::Html;

/// A browser with a jar of cookies.
pub(crate) struct Browser<'a> {
    client: &'a TestClient<BoxEndpoint<'static>>,
    jar: Mutex<Vec<(String, String)>>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) location: Option<String>,
    pub(crate) cache: Option<String>,
    /// What it gives the browser to keep, as it says it.
    pub(crate) cookies: Vec<String>,
    pub(crate) page: Html,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(client: &'a TestClient<BoxEndpoint<'static>>) -> Self {
        Self { client, jar: Mutex::new(Vec::new()) }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.take(self.client.get(path).header(header::COOKIE, self.cookies()).send().await).await
    }

    /// The body as it came.
    pub(crate) async fn bytes(&self, path: &str) -> Vec<u8> {
        let response = self.client.get(path).header(header::COOKIE, self.cookies()).send().await;
        response.assert_status_is_ok();
        response.0.into_body().into_vec().await.unwrap()
    }

    /// Sends the form of a page that was looked at before: with its token.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        if self.cookie("form").is_none() {
            self.get("/connexion").await;
        }
        let token = self.cookie("form").expect("a page with a form gives a token");
        let mut all = vec![("_token", token.as_str())];
        all.extend(fields);
        let request = self.client.post(path).header(header::COOKIE, self.cookies()).form(&all);
        self.take(request.send().await).await
    }

    /// Sends a form with files: field, name and content of each.
    pub(crate) async fn post_files(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Answer {
        let token = self.cookie("form").expect("a page with a form gives a token");
        let form =
            fields.iter().fold(TestForm::new().text("_token", token), |form, (name, value)| form.text(*name, *value));
        let form = files.iter().fold(form, |form, (field, name, bytes)| {
            form.field(TestFormField::bytes(*bytes).name(*field).filename(*name))
        });
        let request = self.client.post(path).header(header::COOKIE, self.cookies()).multipart(form);
        self.take(request.send().await).await
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        let jar = self.jar.lock().unwrap();
        jar.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    pub(crate) fn forget(&self, name: &str) {
        self.jar.lock().unwrap().retain(|(known, _)| known != name);
    }

    pub(crate) fn plant(&self, name: &str, value: &str) {
        self.forget(name);
        self.jar.lock().unwrap().push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn cookies(&self) -> String {
        let jar = self.jar.lock().unwrap();
        jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    async fn take(&self, response: TestResponse) -> Answer {
        let given = response.0.headers().get_all(header::SET_COOKIE).into_iter();
        let cookies: Vec<String> = given.map(|cookie| cookie.to_str().unwrap().to_owned()).collect();
        for cookie in &cookies {
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap_or_default();
            self.forget(name);
            if !rest.contains("Max-Age=0") {
                self.plant(name, value);
            }
        }
        let text = |name| response.0.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (status, location, cache) = (response.0.status(), text(header::LOCATION), text(header::CACHE_CONTROL));
        let page = Html::read(&response.0.into_body().into_string().await.unwrap_or_default());
        Answer { status, location, cache, cookies, page }
    }
}

/// Claire, the organiser: invited, and in by the link of her mail.
pub(crate) async fn organiser<'a>(app: &App, client: &'a TestClient<BoxEndpoint<'static>>) -> Browser<'a> {
    let address = EmailAddress::parse("claire@departement.example").unwrap();
    let link = accounts::invite_organiser(app, &address).await.unwrap();
    let browser = Browser::new(client);
    let entered = browser.post(&path_of(&link), &[]).await;
    assert_eq!(entered.location.as_deref(), Some("/mon-espace"));
    browser
}

/// Somebody of an organisation that the organiser founds: invited, and in by the link of the mail.
pub(crate) async fn member<'a>(app: &App, organiser: &Browser<'a>, name: &str, address: &str) -> Browser<'a> {
    let kind = if name.starts_with("Ferme") { "fournisseur" } else { "cantine" };
    let fields = [("genre", kind), ("nom", name), ("courriel", address)];
    let founded = organiser.post("/organisation/equipes", &fields).await;
    assert_eq!(founded.status, StatusCode::SEE_OTHER, "{:?}", founded.page.texts(".error"));
    accept(app, organiser.client, address).await
}

/// Whoever was invited last at this address, in by the link of the mail; who has been here before comes in by a code.
pub(crate) async fn accept<'a>(app: &App, client: &'a TestClient<BoxEndpoint<'static>>, address: &str) -> Browser<'a> {
    let browser = Browser::new(client);
    let accepted = browser.post(&invitation_of(app, address).await, &[]).await;
    if accepted.location.as_deref() != Some("/mon-espace") {
        assert_eq!(accepted.page.texts("h1"), ["Invitation acceptée"]);
        browser.post("/connexion", &[("courriel", address)]).await;
        let (code, _) = secrets_of(&mail_to(app, address).await.expect("a mail").1);
        let entered = browser.post("/connexion/code", &[("code", &code)]).await;
        assert_eq!(entered.location.as_deref(), Some("/mon-espace"));
    }
    browser
}

/// The link of the latest invitation to this address.
pub(crate) async fn invitation_of(app: &App, address: &str) -> String {
    let (kind, text) = mail_to(app, address).await.expect("a mail");
    assert_eq!(kind, "invitation");
    path_of(text.lines().find(|line| line.contains("/invitation/")).expect("a link"))
}

/// The path of a link of ours.
pub(crate) fn path_of(link: &str) -> String {
    link.splitn(4, '/').nth(3).map(|path| format!("/{path}")).unwrap_or_default()
}

/// The latest mail to this address: its kind and its text.
pub(crate) async fn mail_to(app: &App, address: &str) -> Option<(String, String)> {
    mails_to(app, address).await.into_iter().next()
}

/// The mails to this address, the latest first: kind and text of each.
pub(crate) async fn mails_to(app: &App, address: &str) -> Vec<(String, String)> {
    let mails = latest(&app.db, 100).await.unwrap().into_iter().filter(|mail| mail.recipient == address);
    let read = mails.map(|mail| {
        let parsed = mailparse::parse_mail(mail.message.as_bytes()).unwrap();
        let plain = parsed.parts().find(|part| part.ctype.mimetype == "text/plain").unwrap();
        (mail.kind, plain.get_body().unwrap().replace("\r\n", "\n"))
    });
    read.collect()
}

/// What the rows of a table say, texts and bytes.
pub(crate) async fn rows(app: &App, table: &str) -> Vec<String> {
    let all = Statement::from_string(app.db.get_database_backend(), format!("SELECT * FROM {table}"));
    let said = |row: QueryResult| {
        let text = |name: &String| row.try_get::<String>("", name);
        let bytes =
            |name: &String| row.try_get::<Vec<u8>>("", name).map(|it| String::from_utf8_lossy(&it).into_owned());
        let names = row.column_names();
        names.iter().filter_map(|name| text(name).or_else(|_| bytes(name)).ok()).collect::<Vec<_>>().join(" | ")
    };
    app.db.query_all_raw(all).await.unwrap().into_iter().map(said).collect()
}

/// Code and link of a sign-in mail.
pub(crate) fn secrets_of(text: &str) -> (String, String) {
    let code = text.lines().find_map(|line| line.strip_prefix("Votre code : ")).unwrap_or_default();
    let link = text.lines().find(|line| line.contains("/connexion/lien/")).unwrap_or_default();
    (code.to_owned(), path_of(link))
}
