using System.Net.Sockets;
using UdsBroker.Bench.Wires;

namespace UdsBroker.Bench.Contenders;

/// <summary>Our broker over a seqpacket socket: the same frames, whole ones in each packet.</summary>
/// <param name="program">The path of <c>udsbroker</c>, or a command that ends in it.</param>
internal sealed class UdsbPackets(string program) : Contender
{
    private readonly string[] _words = program.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    internal override string Name => "UdsBroker, packets";

    internal override Wire Wire { get; } = new UdsbPacketWire();

    internal override bool IsPeer => false;

    internal override string? Missing => Array.Exists(_words, File.Exists) ? null : program;

    internal override SocketType SocketType => SocketType.Seqpacket;

    internal override BrokerProcess Start(string folder)
    {
        var path = Path.Combine(folder, "packets.sock");
        return BrokerProcess.Start(
            this, new UnixDomainSocketEndPoint(path), "/usr/bin/env", [.. _words, "--socket", path, "--set", "udsbroker.listeners.main.type=seqpacket"]);
    }
}
