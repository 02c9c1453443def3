using System.Net;
using System.Net.Sockets;
using UdsBroker.Bench.Wires;

namespace UdsBroker.Bench.Contenders;

/// <summary>One of the brokers that are measured: how to find, start and reach it. It is named as in the table.</summary>
internal abstract class Contender
{
    /// <summary>Its name in the table.</summary>
    internal abstract string Name { get; }

    /// <summary>Its wire protocol.</summary>
    internal abstract Wire Wire { get; }

    /// <summary>True for a broker that ours is compared with, which is neither ours nor the relay.</summary>
    internal virtual bool IsPeer => true;

    /// <summary>What is missing on this machine, or null when it can be started.</summary>
    internal abstract string? Missing { get; }

    /// <summary>Its version, as it reports it.</summary>
    internal virtual string Version => "";

    /// <summary>Starts one on paths in that folder, which is its own.</summary>
    internal abstract BrokerProcess Start(string folder);

    /// <summary>The kind of its sockets.</summary>
    internal virtual SocketType SocketType => SocketType.Stream;

    /// <summary>Finds a program on the search path or where Debian keeps servers.</summary>
    protected static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Append("/usr/local/sbin")
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>A port of the loopback interface that is free at the moment.</summary>
    protected static IPEndPoint FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }
}
