// The GraphQL editor. Drafts and history stay in this tab: they may hold what an answer showed.
/* global React, ReactDOM, GraphiQL */

const start = `# Ctrl+Space completes, Ctrl+Enter runs; the book icon opens the documentation of every field.

{
  me {
    username
    roles
    agentScope
  }
}
`;

const subscriptionUrl = new URL('/graphql-ws', location.href);
subscriptionUrl.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';

const fetcher = GraphiQL.createFetcher({
  url: '/graphql',
  subscriptionUrl: subscriptionUrl.href,
  headers: { Accept: 'application/graphql-response+json, application/json' },
});

const root = ReactDOM.createRoot(document.getElementById('graphiql'));

function show(query, variables) {
  root.render(
    React.createElement(GraphiQL, {
      fetcher,
      query,
      variables,
      storage: sessionStorage,
      isHeadersEditorEnabled: false,
      defaultEditorToolsVisibility: 'variables',
    }),
  );
}

document.getElementById('example').addEventListener('change', (event) => {
  const { query, variables } = event.target.selectedOptions[0].dataset;
  if (query !== undefined) {
    show(query, variables);
  }
});

show(start, '{}');
