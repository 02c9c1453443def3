using System.Net.Sockets;
using UdsBroker.Bench.Wires;

namespace UdsBroker.Bench.Contenders;

/// <summary>Our broker, as it was published, with its default settings.</summary>
/// <param name="program">The path of <c>udsbroker</c>.</param>
internal sealed class Udsb(string program) : Contender
{
    internal override string Name => "UdsBroker";

    internal override Wire Wire { get; } = new UdsbWire();

    internal override bool IsPeer => false;

    internal override string? Missing => File.Exists(program) ? null : $"{program}; build it, or name another one with --broker";

    internal override BrokerProcess Start(string folder)
    {
        var path = Path.Combine(folder, "udsb.sock");
        return BrokerProcess.Start(this, new UnixDomainSocketEndPoint(path), program, "--socket", path);
    }
}
