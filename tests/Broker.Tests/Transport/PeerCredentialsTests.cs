using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Tests.Transport;

/// <summary>The kernel's placeholders for who it cannot name are never taken for somebody.</summary>
public class PeerCredentialsTests
{
    [Theory]
    [InlineData(12, 1000u, 1000u, 12, 1000u, 1000u)]
    [InlineData(12, 0u, 0u, 12, 0u, 0u)]
    [InlineData(0, 1000u, 1000u, null, 1000u, 1000u)]
    [InlineData(-1, 1000u, 1000u, null, 1000u, 1000u)]
    [InlineData(12, 65534u, 65534u, 12, null, null)]
    public void Zero_pid_and_the_overflow_ids_are_unknown(int pid, uint uid, uint gid, int? knownPid, uint? knownUid, uint? knownGid)
    {
        var peer = PeerCredentials.Of(pid, uid, gid, []);

        Assert.Equal((knownPid, knownUid, knownGid), (peer.Pid, peer.Uid, peer.Gid));
        Assert.Equal(gid == 65534, peer.HasUnknownGroups);
    }

    [Theory]
    [InlineData(12, 1000u, 100u, "pid 12 uid 1000 gid 100")]
    [InlineData(0, 0u, 0u, "pid unknown uid 0 gid 0")]
    [InlineData(12, 65534u, 65534u, "pid 12 uid unknown gid unknown")]
    public void The_text_names_process_user_and_group_or_unknown(int pid, uint uid, uint gid, string text) =>
        Assert.Equal(text, PeerCredentials.Of(pid, uid, gid, []).ToString());

    [Fact]
    public void Groups_that_the_kernel_cannot_name_are_left_out_and_remembered()
    {
        var some = PeerCredentials.Of(12, 1000, 1000, [27, 65534, 100]);
        Assert.Equal([27u, 100u], some.Groups);
        Assert.True(some.HasUnknownGroups);

        var none = PeerCredentials.Of(12, 1000, 1000, groups: null);
        Assert.Empty(none.Groups);
        Assert.True(none.HasUnknownGroups);

        Assert.False(PeerCredentials.Of(12, 1000, 1000, [27]).HasUnknownGroups);
    }
}
