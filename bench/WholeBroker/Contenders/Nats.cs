using UdsBroker.Bench.Wires;

namespace UdsBroker.Bench.Contenders;

/// <summary>nats-server over loopback TCP, which is all it listens on. Its limits are out of the way; nothing else is changed.</summary>
internal sealed class Nats : Contender
{
    internal override string Name => "NATS";

    internal override Wire Wire { get; } = new NatsWire();

    internal override string? Missing => Find("nats-server") is null ? "nats-server" : null;

    internal override BrokerProcess Start(string folder)
    {
        var address = FreePort();
        var settings = Path.Combine(folder, "nats.conf");
        File.WriteAllText(settings, $$"""
            host: 127.0.0.1
            port: {{address.Port}}
            max_connections: 65536
            max_payload: 8MB
            max_pending: 256MB
            write_deadline: "60s"
            ping_interval: "1h"
            """);
        return BrokerProcess.Start(this, address, Find("nats-server")!, "-c", settings);
    }
}
