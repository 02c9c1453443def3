using System.Net.Sockets;
using UdsBroker.Bench.Wires;

namespace UdsBroker.Bench.Contenders;

/// <summary>Our broker, as it was published, with its default settings unless the command says otherwise.</summary>
/// <param name="name">Its name in the table; two builds side by side have two.</param>
/// <param name="command">How it is started: the path of <c>udsbroker</c>, and perhaps <c>env NAME=VALUE</c> before it or arguments after it.</param>
internal sealed class Udsb(string name, string command) : Contender
{
    private readonly string[] _words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    internal override string Name => name;

    internal override Wire Wire { get; } = new UdsbWire();

    internal override bool IsPeer => false;

    internal override string? Missing =>
        Array.Exists(_words, File.Exists) ? null : $"{command}; build it, or name another one with --broker";

    internal override BrokerProcess Start(string folder)
    {
        var path = Path.Combine(folder, "udsb.sock");
        return BrokerProcess.Start(this, new UnixDomainSocketEndPoint(path), "/usr/bin/env", [.. _words, "--socket", path]);
    }
}
