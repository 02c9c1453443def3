using System.Net.Sockets;
using UdsBroker.Bench.Wires;

namespace UdsBroker.Bench.Contenders;

/// <summary>mosquitto on a Unix socket, without persistence, log and bounds of its queues.</summary>
internal sealed class Mosquitto : Contender
{
    internal override string Name => "Mosquitto";

    internal override Wire Wire { get; } = new MqttWire();

    internal override string? Missing => Find("mosquitto") is null ? "mosquitto" : null;

    internal override BrokerProcess Start(string folder)
    {
        var path = Path.Combine(folder, "mosquitto.sock");
        var settings = Path.Combine(folder, "mosquitto.conf");
        File.WriteAllText(settings, $"""
            listener 0 {path}
            allow_anonymous true
            persistence false
            log_dest none
            max_queued_messages 0
            max_queued_bytes 0
            user {Environment.UserName}

            """);
        return BrokerProcess.Start(this, new UnixDomainSocketEndPoint(path), Find("mosquitto")!, "-c", settings);
    }
}
