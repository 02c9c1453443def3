using System.Net.Sockets;
using UdsBroker.Bench.Wires;

namespace UdsBroker.Bench.Contenders;

/// <summary>redis-server on a Unix socket, without a port and without saving; subscribers may fall behind by as much as they like.</summary>
internal sealed class Redis : Contender
{
    internal override string Name => "Redis";

    internal override Wire Wire { get; } = new RedisWire();

    internal override string? Missing => Find("redis-server") is null ? "redis-server" : null;

    internal override BrokerProcess Start(string folder)
    {
        var path = Path.Combine(folder, "redis.sock");
        return BrokerProcess.Start(
            this, new UnixDomainSocketEndPoint(path), Find("redis-server")!,
            "--port", "0", "--unixsocket", path, "--dir", folder, "--save", "", "--appendonly", "no", "--maxclients", "19000",
            "--client-output-buffer-limit", "pubsub 0 0 0");
    }
}
