using System.Net.Sockets;
using UdsBroker.Bench.Wires;

namespace UdsBroker.Bench.Contenders;

/// <summary>This program itself, moving bytes without looking at them: what the kernel costs, and so the floor for every broker.</summary>
internal sealed class Relay : Contender
{
    internal override string Name => "relay";

    internal override Wire Wire { get; } = new RelayWire();

    internal override bool IsPeer => false;

    internal override string? Missing => null;

    internal override BrokerProcess Start(string folder)
    {
        var path = Path.Combine(folder, "relay.sock");
        // Beside this assembly, because under a test runner the process is not this program.
        return BrokerProcess.Start(this, new UnixDomainSocketEndPoint(path), Path.Combine(AppContext.BaseDirectory, "udsb-bench"), "relay", path);
    }
}
