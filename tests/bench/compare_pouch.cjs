// The trace of compare.py through PouchDB: two laptops and a township in memory, replicated both ways after each round.
const PouchDB = require('pouchdb');
PouchDB.plugin(require('pouchdb-adapter-memory'));

async function main() {
  const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));
  const base = String(Date.now());
  const [a, b, hub] = ['a', 'b', 'hub'].map((n) => new PouchDB(base + n, { adapter: 'memory', revs_limit: 50 }));
  const laptops = [a, b];
  for (let home = 0; home < given.households; home += 1) await hub.put({ _id: String(home) });
  for (const laptop of laptops) await PouchDB.replicate(hub, laptop);
  let bytes = 0;
  let seconds = 0;
  const rounds = [];
  for (const edits of given.rounds) {
    const start = process.hrtime.bigint();
    for (const [laptop, home, field, value] of edits) {
      const doc = await laptops[laptop].get(String(home));
      doc[field] = value;
      await laptops[laptop].put(doc);
    }
    for (const [from, to] of [[a, hub], [b, hub], [hub, a], [hub, b]]) {
      await new Promise((done, failed) => {
        PouchDB.replicate(from, to)
          .on('change', (info) => { bytes += JSON.stringify(info.docs).length; })
          .on('complete', done).on('error', failed);
      });
    }
    seconds += Number(process.hrtime.bigint() - start) / 1e9;
    rounds.push(await look(hub, given));
  }
  process.stdout.write(JSON.stringify({ rounds, bytes, seconds }));
}

// What the township shows, and its conflicts; then somebody settles each by keeping the winner.
async function look(hub, given) {
  const docs = [];
  const conflicts = [];
  for (let home = 0; home < given.households; home += 1) {
    const doc = await hub.get(String(home), { conflicts: true });
    docs.push(doc);
    for (const rev of doc._conflicts || []) {
      const other = await hub.get(String(home), { rev });
      for (const field of given.fields) {
        if (other[field] !== doc[field]) conflicts.push({ home, field, values: [doc[field], other[field]].map(String) });
      }
      await hub.remove(String(home), rev);
    }
  }
  return { docs, conflicts };
}

main();
