using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using UdsBroker.Broker.Transport;
using UdsBroker.Broker.Transport.Native;

namespace UdsBroker.Broker.Tests.Transport;

/// <summary>Owner and group of the socket file, with real users: who may connect, and that nobody may before the file has both.</summary>
public sealed class SocketOwnerTests : IDisposable
{
    private const uint Stranger = 4242;
    private const uint Group = 4343;

    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private string SocketName => _directory["broker.sock"];

    private string TemporaryName => _directory[$".{Convert.ToHexStringLower(SHA256.HashData("broker.sock"u8)[..8])}.tmp"];

    [Fact]
    public void The_file_belongs_to_the_owner_and_group_of_the_settings_and_opens_to_them_alone()
    {
        RequireRoot();
        using var file = Bind("0660", TestSettings.File with { Owner = Stranger, Group = Group });

        Assert.Equal(0, FileCalls.Stat(SocketName, out var status));
        Assert.Equal((Stranger, Group, 0x1B0u), (status.Uid, status.Gid, status.Permissions));
        Assert.True(file.IsStillOurs());
        File.SetUnixFileMode(_directory.Root, (UnixFileMode)Convert.ToInt32("711", 8));
        Assert.Null(TryConnectAs(Stranger, 1));
        Assert.Null(TryConnectAs(7, Group));
        Assert.Null(TryConnectAs(7, 7, Group));
        Assert.Equal(SocketError.AccessDenied, TryConnectAs(7, 7));
    }

    [Fact]
    public void The_next_broker_takes_over_a_socket_that_was_given_away()
    {
        RequireRoot();
        using var dead = BindAs(Stranger, SocketName);
        using var halfMade = BindAs(Stranger, TemporaryName);

        using var next = Bind("0600", TestSettings.File with { Owner = Stranger, Group = Group });

        Assert.True(next.IsStillOurs());
        Assert.False(File.Exists(TemporaryName));
    }

    [Fact]
    public void What_another_user_has_put_at_the_temporary_name_is_never_unlinked()
    {
        RequireRoot();
        using var squatter = BindAs(Stranger, TemporaryName);

        Assert.Throws<SocketFileException>(() => Bind("0600", TestSettings.File));

        Assert.Equal(0, FileCalls.Stat(TemporaryName, out var status));
        Assert.Equal(Stranger, status.Uid);
    }

    private static void RequireRoot() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give files away and be other users");

    private SocketFile Bind(string mode, SocketFileOptions options) =>
        SocketFile.Bind(SocketPath.Parse(SocketName), options with { Mode = (UnixFileMode)Convert.ToInt32(mode, 8) });

    // A socket file of another user on which nobody listens.
    private static Socket BindAs(uint uid, string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        using var chown = Process.Start("chown", [uid.ToString(CultureInfo.InvariantCulture), path]);
        chown.WaitForExit();
        return socket;
    }

    // The error of connect(2) when it is called by another user, or null.
    private SocketError? TryConnectAs(uint uid, uint gid, params uint[] groups) => OtherUser.Run(uid, gid, groups, () =>
    {
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            client.Connect(new UnixDomainSocketEndPoint(SocketName));
            return (SocketError?)null;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    });
}
