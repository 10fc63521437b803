# service_recovery.py
import asyncio
from typing import List, Dict

class DisasterRecoveryOrchestrator:
    def __init__(self):
        self.services = [
            "storage",
            "databricks",
            "kafka",
            "powerbi"
        ]
        
    async def failover_to_secondary(self):
        """Execute failover to secondary region."""
        tasks = []
        
        for service in self.services:
            tasks.append(self.failover_service(service))
            
        results = await asyncio.gather(*tasks)
        return results
    
    async def failover_service(self, service: str) -> Dict:
        """Failover individual service."""
        try:
            # Update DNS
            await self.update_dns(service)
            
            # Start secondary instance
            await self.start_secondary(service)
            
            # Verify health
            is_healthy = await self.health_check(service)
            
            return {
                "service": service,
                "status": "success" if is_healthy else "failed",
                "timestamp": datetime.utcnow()
            }
        except Exception as e:
            return {
                "service": service,
                "status": "error",
                "error": str(e)
            }
