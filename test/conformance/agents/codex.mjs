// Codex: OpenAI Responses, the only dialect it speaks.
const quoted = text => `'${text.replaceAll('\'', '\'\\\'\'')}'`;

export const codex = {
  name: 'codex', package: '@openai/codex', command: 'codex', speaks: 'OpenAI Responses',
  tools: (path, content) => [
    { name: 'exec_command', arguments: { cmd: `printf '%s\\n' ${quoted(content)} > ${quoted(path)}` } },
    { name: 'exec_command', arguments: { cmd: `cat ${quoted(path)}` } },
  ],
  files: ({ url, model }) => ({
    '.codex/config.toml': `model = "${model}"
model_provider = "dragoman"
check_for_update_on_startup = false

[analytics]
enabled = false

[model_providers.dragoman]
name = "Dragoman"
base_url = "${url}/v1"
env_key = "DRAGOMAN_API_KEY"
wire_api = "responses"
`,
  }),
  env: ({ key }) => ({ DRAGOMAN_API_KEY: key }),
  // The folder is thrown away, and what runs in it is the script.
  args: ({ prompt }) => ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', prompt],
};
