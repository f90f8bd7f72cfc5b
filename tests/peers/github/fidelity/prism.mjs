// What Prism must refuse, and that it says why.

async function get(api, path, headers = {}) {
  const reply = await fetch(api + path, { headers: { authorization: 'Bearer test-token', 'user-agent': 'fidelity', accept: 'application/vnd.github+json', ...headers } })
  return { status: reply.status, text: await reply.text() }
}

export async function prism({ world, same, sim }, api) {
  const x = world.repositories[0]
  const home = `/repos/${x.owner}/${x.name}`
  same('a good request passes', (await get(api, `${home}/pulls/1/files`)).status !== 500, true)
  const wrong = [[`${home}/pulls/abc/files`, 'must be integer'], [`${home}/pulls/1/files?per_page=lots`, 'must be integer'],
    ['/search/code', "must have required property 'q'"], ['/search/repositories?q=a&sort=bogus', 'must be equal to one of the allowed values']]
  for (const [path, why] of wrong) {
    const reply = await get(api, path)
    same(`${path} is refused`, [reply.status, reply.text.includes(why)], [422, true])
  }
  same('an unknown route', (await get(api, '/no/such/route')).status, 404)
  for (const [path, drop] of [[home, 'clone_url'], ['/search/code?q=filename:asv.conf.json', 'git_url'], ['/rate_limit', 'remaining']]) {
    await sim('spoil', { drop })
    const reply = await get(api, path)
    same(`${path} without ${drop} is refused`, [reply.status, reply.text.includes(drop)], [500, true])
    same(`${path} passes again`, (await get(api, path)).status, 200)
  }
}
