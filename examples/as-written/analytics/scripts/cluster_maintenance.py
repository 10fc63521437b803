# cluster_maintenance.py
from databricks.sdk import WorkspaceClient
import time

def perform_cluster_maintenance(cluster_id: str):
    """Perform rolling cluster maintenance."""
    w = WorkspaceClient()
    
    # Step 1: Create temporary cluster
    temp_cluster = w.clusters.create(
        cluster_name=f"temp-{cluster_id}",
        spark_version="13.3.x-scala2.12",
        node_type_id="Standard_D16s_v3",
        num_workers=10
    )
    
    # Step 2: Redirect traffic
    update_load_balancer(temp_cluster.cluster_id)
    
    # Step 3: Restart original cluster
    w.clusters.restart(cluster_id)
    
    # Step 4: Wait for healthy state
    while True:
        state = w.clusters.get(cluster_id).state
        if state == "RUNNING":
            break
        time.sleep(30)
    
    # Step 5: Redirect traffic back
    update_load_balancer(cluster_id)
    
    # Step 6: Terminate temporary cluster
    w.clusters.delete(temp_cluster.cluster_id)
