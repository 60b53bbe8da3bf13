// duckdb.js DIR OUT: the events of the logs below DIR, each once and in order, as CSV: what DuckDB makes of the task of
// trail-timeline, with the columns that have the same meaning in any tool.  Two threads; the schema is given, so that nothing
// has to be guessed.
const { DuckDBInstance } = require("@duckdb/node-api");

const identity = "STRUCT(arn VARCHAR, userName VARCHAR, invokedBy VARCHAR, principalId VARCHAR, accessKeyId VARCHAR, accountId VARCHAR)";
const texts = ["eventTime", "recipientAccountId", "awsRegion", "eventID", "eventSource", "eventName", "sourceIPAddress", "userAgent",
    "errorCode", "errorMessage", "eventCategory", "sharedEventID"];
const record = `STRUCT(${texts.map((t) => t + " VARCHAR").join(", ")}, readOnly BOOLEAN, userIdentity ${identity},
    resources STRUCT(ARN VARCHAR)[])`;

async function main(dir, out) {
	const db = await DuckDBInstance.create(":memory:", { threads: "2" });
	const c = await db.connect();
	await c.run(`COPY (SELECT DISTINCT r.eventTime AS t, coalesce(r.recipientAccountId, r.userIdentity.accountId, '') AS a,
	    r.awsRegion AS g, r.eventID AS i, r.eventSource, r.eventName, r.sourceIPAddress, r.userAgent, r.userIdentity.accessKeyId,
	    coalesce(r.userIdentity.arn, r.userIdentity.userName, r.userIdentity.invokedBy, r.userIdentity.principalId),
	    coalesce(r.errorCode, CASE WHEN r.errorMessage IS NULL THEN 'success' ELSE 'failure' END),
	    array_to_string(list_transform(r.resources, x -> x.ARN), '; '), r.readOnly, r.eventCategory, r.sharedEventID
	    FROM (SELECT unnest(Records) AS r FROM read_json('${dir}/**/*_CloudTrail_*.json.gz', columns = {Records: '${record}[]'},
	    maximum_object_size = 1073741824))
	    ORDER BY t, a, g, i) TO '${out}' (HEADER false)`);
}

main(...process.argv.slice(2)).catch((e) => {
	console.error(`duckdb: ${e.message}`);
	process.exit(1);
});
