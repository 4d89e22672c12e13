# One row per pair of frequent products (the lesser number first): how many customers bought both of them.
# Trap: most pairs are rare; what is frequent enough to be told is chosen in product_affinity.
import numpy as np
import pyarrow as pa
from scipy.sparse import csr_array, triu

SCHEMA = pa.schema([("product_number", pa.int32()), ("other_number", pa.int32()), ("buyer_count", pa.int64())])


def pairs(customer_keys, product_numbers):
    """The pairs of products that any customer bought both of, and the customers who did; rows are different."""
    customers, customer = np.unique(customer_keys, return_inverse=True)
    shape = (len(customers), product_numbers.max(initial=0) + 1)
    bought = csr_array((np.ones(len(customer), np.int64), (customer, product_numbers)), shape=shape)
    together = triu(bought.T @ bought, k=1).tocoo()
    return together.row, together.col, together.data


def model(dbt, session):
    dbt.config(materialized="table")
    bought = dbt.ref("customer_products").set_alias("bought")
    frequent = dbt.ref("frequent_products").set_alias("frequent")
    same = "bought.platform = frequent.platform and bought.product_id = frequent.product_id"
    found = bought.join(frequent, same).project("bought.customer_key, frequent.product_number").fetchnumpy()
    product, other, count = pairs(np.asarray(found["customer_key"]), np.asarray(found["product_number"]))
    return pa.table({"product_number": product, "other_number": other, "buyer_count": count}, schema=SCHEMA)
