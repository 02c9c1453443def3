using System.Net.Sockets;
using System.Runtime.InteropServices;
using UdsBroker.Broker.Transport.Native;

namespace UdsBroker.Broker.Transport;

/// <summary>
/// The peer of a connection as the kernel reports it: the process, user and groups at the moment it called connect(2), SO_PEERCRED and
/// SO_PEERGROUPS of unix(7), and the program and unit of that process at accept. A client cannot choose or forge them.
/// </summary>
/// <remarks>
/// <para>Authorise by user and group. The process id is a label for people: a descriptor can be handed to another process. Program and unit
/// tell apart processes of one user that mean each other no harm; one that does can run code in the other.</para>
/// <para>Null means that the kernel cannot name it: uid or gid 65534 stands for one that is not mapped into the broker's user
/// namespace (never for the account "nobody"), pid 0 for a process outside its pid namespace.</para>
/// </remarks>
/// <param name="Pid">The process, or null when unknown.</param>
/// <param name="Uid">The effective user, or null when unknown.</param>
/// <param name="Gid">The effective primary group, or null when unknown.</param>
public sealed record PeerCredentials(int? Pid, uint? Uid, uint? Gid)
{
    private const int PeerCred = 17; // SO_PEERCRED: struct ucred, three 32-bit numbers
    private const int PeerGroups = 59; // SO_PEERGROUPS
    private const int CredentialBytes = 12;
    private const int MaxGroups = 65536; // NGROUPS_MAX, limits.h
    private const uint Unmapped = 65534; // /proc/sys/kernel/overflowuid

    /// <summary>
    /// Supplementary groups that the kernel can name, without the primary one; empty when there are none. Read together with the
    /// rest, since the socket may be gone when somebody asks.
    /// </summary>
    public IReadOnlyList<uint> Groups { get; init; } = [];

    /// <summary>True when the peer is, or may be, in groups that are not named here.</summary>
    public bool HasUnknownGroups { get; init; }

    /// <summary>The path of the program that the peer ran at accept; null when it was gone, deleted, or /proc does not show it.</summary>
    public string? Executable { get; init; }

    /// <summary>The systemd unit that the peer ran in at accept; empty when in none, null when unknown.</summary>
    public string? Unit { get; init; }

    /// <summary>The peer for people: what they look for in a list of processes.</summary>
    public override string ToString() => $"pid {Named(Pid)} uid {Named(Uid)} gid {Named(Gid)}";

    /// <summary>Reads them from a connected socket.</summary>
    /// <exception cref="SocketException">The kernel does not answer for this socket.</exception>
    internal static PeerCredentials Read(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[CredentialBytes];
        if (socket.GetRawSocketOption(SocketOptions.SocketLevel, PeerCred, credentials) != CredentialBytes)
            throw new SocketException((int)SocketError.OperationNotSupported);
        var pid = MemoryMarshal.Read<int>(credentials);
        var uid = MemoryMarshal.Read<uint>(credentials[4..]);
        var gid = MemoryMarshal.Read<uint>(credentials[8..]);
        var peer = Of(pid, uid, gid, ReadGroups(socket));
        var facts = peer.Pid is { } known ? ProcessFacts.Read(socket, known, peer.Uid) : ProcessFacts.Unknown;
        return peer with { Executable = facts.Executable, Unit = facts.Unit };
    }

    /// <summary>
    /// The same credentials, sharing equal parts with those of the last peer: of the thousands of connections of one program only the first
    /// allocates them.
    /// </summary>
    internal PeerCredentials Sharing(PeerCredentials? last)
    {
        if (last is null || !IsSameExceptProcess(last)) return this;
        return Pid == last.Pid ? last : last with { Pid = Pid };
    }

    /// <summary>True when only the process may be another one.</summary>
    internal bool IsSameExceptProcess(PeerCredentials other) =>
        Uid == other.Uid && Gid == other.Gid && HasUnknownGroups == other.HasUnknownGroups
        && Executable == other.Executable && Unit == other.Unit && Groups.SequenceEqual(other.Groups);

    /// <summary>
    /// Credentials from the kernel's numbers, its placeholders turned into null; groups are null when it does not tell them.
    /// </summary>
    internal static PeerCredentials Of(int pid, uint uid, uint gid, uint[]? groups) =>
        new(pid > 0 ? pid : null, Known(uid), Known(gid))
        {
            Groups = [.. groups?.Where(group => group != Unmapped) ?? []],
            HasUnknownGroups = gid == Unmapped || groups is null || groups.Contains(Unmapped),
        };

    /// <summary>A user or group as the kernel gives it; null for its placeholder.</summary>
    internal static uint? Known(uint id) => id != Unmapped ? id : null;

    private static string Named<T>(T? number)
        where T : struct => number?.ToString() ?? "unknown";

    private static uint[]? ReadGroups(Socket socket)
    {
        Span<byte> few = stackalloc byte[32 * sizeof(uint)];
        var buffer = few;
        while (true)
        {
            try
            {
                var length = socket.GetRawSocketOption(SocketOptions.SocketLevel, PeerGroups, buffer);
                return length == 0 ? [] : MemoryMarshal.Cast<byte, uint>(buffer[..length]).ToArray();
            }
            catch (SocketException) when (buffer.Length < MaxGroups * sizeof(uint))
            {
                // ERANGE, which .NET cannot name: more groups than fit. The kernel has at most NGROUPS_MAX of them.
                buffer = new byte[MaxGroups * sizeof(uint)];
            }
            catch (SocketException)
            {
                return null; // the kernel is older than 4.13
            }
        }
    }
}
