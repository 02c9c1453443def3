using Akka.Configuration;

namespace Akka.Actor;

/// <summary>Makes the strategy of the /user guardian that <c>akka.actor.guardian-supervisor-strategy</c> names.</summary>
public abstract class SupervisorStrategyConfigurator
{
    public static SupervisorStrategyConfigurator CreateConfigurator(string typeName)
    {
        var type = Type.GetType(typeName) ?? throw new ConfigurationException($"Could not resolve SupervisorStrategyConfigurator type {typeName}");
        return (SupervisorStrategyConfigurator)Activator.CreateInstance(type);
    }

    public abstract SupervisorStrategy Create();
}
