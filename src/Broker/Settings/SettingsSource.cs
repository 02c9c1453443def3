using Akka.Configuration;

namespace UdsBroker.Broker.Settings;

/// <summary>Where the settings of this process come from, kept so that they can be read again.</summary>
/// <param name="File">The operator's file, or null.</param>
/// <param name="Socket">The path of the listener "main", or null.</param>
/// <param name="Assignments">Any <c>key=value</c>, later ones winning.</param>
public sealed record SettingsSource(string? File, string? Socket, IReadOnlyList<string> Assignments)
{
    /// <summary>Reads and checks them.</summary>
    /// <param name="config">The same settings as a tree, for the actor runtime's own part.</param>
    /// <exception cref="SettingsException">The first thing that is wrong.</exception>
    public BrokerSettings Read(out Config config)
    {
        config = SettingsLayers.Load(File, Socket, Assignments);
        return BrokerSettingsReader.Read(config);
    }
}
