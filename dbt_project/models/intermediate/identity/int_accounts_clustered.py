# One row per account that shares an identifier with another account, with the cluster that their edges make.
# Trap: a cluster is named after its least account, so the name follows from who is in it and survives every rebuild.
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def clusters(account_keys, episode_keys):
    """Accounts that share an episode with another one (ascending), and the least account each is connected with."""
    order = np.argsort(episode_keys)
    account, episode = account_keys[order], episode_keys[order]
    is_shared = episode[1:] == episode[:-1]
    links = np.concatenate([account[:-1][is_shared], account[1:][is_shared]])
    accounts, position = np.unique(links, return_inverse=True)
    left, right = np.split(position, 2)
    graph = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(len(accounts), len(accounts)))
    count, label = connected_components(graph, directed=False)
    least = np.empty(count, np.int64)
    least[label[::-1]] = accounts[::-1]  # of equal labels the last written stays: the least account
    return accounts, least[label]


def model(dbt, session):
    dbt.config(materialized="table")
    edges = dbt.ref("int_identity_edges_judged").filter("refused_reason is null").project("account_key, episode_key")
    found = edges.fetchnumpy()
    accounts, cluster = clusters(np.asarray(found["account_key"]), np.asarray(found["episode_key"]))
    return pa.table({"account_key": accounts, "cluster_key": cluster})
