# One row per account that shares an identifier with another account, with the cluster that their edges make.
# Trap: a cluster is named after its least account, so the name follows from who is in it and survives every rebuild.
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def clusters(account_keys, episode_keys):
    """Accounts (ascending, int64) and the least account that each is connected with, by edges account–episode."""
    accounts, account = np.unique(account_keys, return_inverse=True)
    episodes, episode = np.unique(episode_keys, return_inverse=True)
    size = len(accounts) + len(episodes)
    graph = coo_array((np.ones(len(account), np.int8), (account, episode + len(accounts))), shape=(size, size))
    count, label = connected_components(graph, directed=False)
    label = label[: len(accounts)]
    least = np.empty(count, np.int64)
    least[label[::-1]] = accounts[::-1]  # of equal labels the last written stays: the least account
    return accounts, least[label]


def model(dbt, session):
    dbt.config(materialized="table")
    edges = dbt.ref("int_identity_edges_judged").filter("refused_reason is null").project("account_key, episode_key")
    found = edges.fetchnumpy()
    accounts, cluster = clusters(np.asarray(found["account_key"]), np.asarray(found["episode_key"]))
    return pa.table({"account_key": accounts, "cluster_key": cluster})
