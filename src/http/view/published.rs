//! Articles as readers see them.

use serde::Serialize;
use utoipa::ToSchema;

use super::body::with_body;
use super::related::BacklinkView;
use crate::domain::edition::{Summary, Translation};
use crate::domain::open_graph::OpenGraph;
use crate::domain::printed::{Object, Printed};
use crate::domain::related::RelatedCard;
use crate::services::delivery::{ListedArticle, PublishedArticle};

with_body! {
    /// A live article, page-complete: one request gives the whole page.
    #[schema(as = Article)]
    ArticleView of #[serde(serialize_with = "Printed::flat")] Printed<Summary> as Summary {
        /// The article in other languages, as far as it is live, by language.
        #[schema(value_type = Vec<Translation>)]
        translations: Vec<Printed<Translation>>,
        /// What its page says of itself in `<meta>`, for where it is shared.
        #[schema(value_type = OpenGraph)]
        open_graph: Printed<OpenGraph>,
        /// With `include=related`: the related links of its list whose targets are live, in their order.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Vec<RelatedCard>, required = false)]
        related: Option<Vec<RelatedCard>>,
        /// With `include=backlinks`: the live articles that link to it, the latest published first, at most 20.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Vec<BacklinkView>, required = false)]
        backlinks: Option<Vec<BacklinkView>>,
    }
}

/// A live article in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ListedArticle)]
pub(crate) struct ListedArticleView {
    #[serde(flatten, serialize_with = "Printed::flat")]
    #[schema(value_type = Summary)]
    pub(crate) summary: Printed<Summary>,
    /// With `include=related`: the related links of its list whose targets are live, in their order, at most 20.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<RelatedCard>, required = false)]
    pub(crate) related: Option<Vec<RelatedCard>>,
}

impl ArticleView {
    /// Writes its JSON: as it is serialized, but what is printed is copied, the summary as one text.
    pub(crate) fn write(&self, sheet: &mut Vec<u8>) -> serde_json::Result<()> {
        let mut page = Object::with(&self.summary, sheet)?;
        page.value("translations", &self.translations)?;
        page.member("open_graph", |sheet| self.open_graph.write(sheet))?;
        page.optional("related", self.related.as_ref())?;
        page.optional("backlinks", self.backlinks.as_ref())?;
        if let Some(blocks) = &self.body {
            page.member("body", |sheet| blocks.write(sheet))?;
        }
        page.optional("body_html", self.body_html.as_ref())?;
        page.optional("body_markdown", self.body_markdown.as_ref())?;
        page.optional("body_text", self.body_text.as_ref())?;
        page.end();
        Ok(())
    }
}

impl From<PublishedArticle> for ArticleView {
    fn from(article: PublishedArticle) -> Self {
        let backlinks = article
            .backlinks
            .map(|links| links.into_iter().map(BacklinkView::from).collect());
        Self::with(
            article.summary,
            article.body,
            article.translations,
            article.open_graph,
            article.related,
            backlinks,
        )
    }
}

impl From<ListedArticle> for ListedArticleView {
    fn from(article: ListedArticle) -> Self {
        Self {
            summary: article.summary,
            related: article.related,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::body::ShownBlocks;
    use crate::domain::permalink::Site;
    use crate::http::examples::example;
    use crate::services::ShownBody;

    #[test]
    fn a_page_is_written_as_it_is_serialized() {
        let page = example("Article").unwrap();
        let read = |value: &serde_json::Value| value.to_string();
        let summary: Printed<Summary> = serde_json::from_str(&read(&page)).unwrap();
        let translations: Vec<Printed<Translation>> = serde_json::from_str(&read(&page["translations"])).unwrap();
        assert!(!translations.is_empty());
        let site = Site {
            name: "The Strait Courier".to_owned(),
            url: "https://news.example".to_owned(),
            permalink: "/{slug}-{short_id}".to_owned(),
            locale: summary.locale.clone(),
        };
        let open_graph = Printed::from(OpenGraph::new(&site, &summary, None));
        let blocks = serde_json::value::to_raw_value(&page["body"]).unwrap();
        let related = json!([{
            "id": page["id"], "kind": "source", "placement": "list", "label": "A notice", "url": "https://harbour.example/12", "source": null,
            "article": null
        }]);
        let related: Vec<RelatedCard> = serde_json::from_value(related).unwrap();
        for body in [
            ShownBody::Blocks(ShownBlocks::AsWritten(blocks)),
            ShownBody::Html("<p>\"</p>".to_owned()),
            ShownBody::Markdown("*a*".to_owned()),
            ShownBody::Text(String::new()),
            ShownBody::Absent,
        ] {
            let more = matches!(body, ShownBody::Html(_) | ShownBody::Absent);
            let (summary, open_graph) = (summary.clone(), open_graph.clone());
            let (related, backlinks) = (more.then(|| related.clone()), more.then(Vec::new));
            let view = ArticleView::with(summary, body, translations.clone(), open_graph, related, backlinks);
            let mut sheet = Vec::new();
            view.write(&mut sheet).unwrap();
            assert_eq!(String::from_utf8(sheet).unwrap(), serde_json::to_string(&view).unwrap());
        }
    }
}
