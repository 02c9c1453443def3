using System.Text;
using UdsBroker.Broker.Tests.Actors;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>M4: every code that an ERROR can have is had from a broker, by what PROTOCOL.md says leads to it, and the connection lives on.</summary>
public sealed class EveryErrorTests
{
    /// <summary>The settings under which all of them can be provoked, each by one connection.</summary>
    private static readonly string[] Settings =
    [
        "udsbroker.limits.max-subscriptions=1",
        "udsbroker.retained.max-messages=0",
        "udsbroker.delayed.max-messages=0",
        "udsbroker.access.rules=[{ deny = publish, subjects = secret }]",
    ];

    private static readonly Dictionary<ErrorCode, Func<BrokerInProcess, RawClient, Task>> Provocations = new()
    {
        [ErrorCode.BadSubject] = (_, client) => client.PublishAsync("a..b", ""),
        [ErrorCode.BadPattern] = (_, client) => client.SubscribeAsync(1, "a.>.b"),
        [ErrorCode.BadOption] = (_, client) => client.SubscribeAsync(0, "the.sid.of.the.inbox"),
        [ErrorCode.DuplicateSid] = (_, client) => client.SendAsync(Frames.Join(Frames.Subscribe(1, "a"), Frames.Subscribe(1, "b"))),
        [ErrorCode.UnknownSid] = (_, client) => client.SendAsync(Frames.Unsubscribe(7)),
        [ErrorCode.TooManySubscriptions] = (_, client) => client.SendAsync(Frames.Join(Frames.Subscribe(1, "a"), Frames.Subscribe(2, "b"))),
        [ErrorCode.NotAllowed] = (_, client) => client.PublishAsync("secret", ""),
        [ErrorCode.NoResponders] = (_, client) => client.SendAsync(Frames.Publish("nobody.there", [], reply: "answers")),
        [ErrorCode.GoneIdentity] = (_, client) => client.PublishAsync($"_INBOX.{Guid.NewGuid()}.1", ""),
        [ErrorCode.RetainedFull] = (_, client) => client.SendAsync(Frames.Retained("a", "kept")),
        [ErrorCode.ReservedSubject] = (_, client) => client.PublishAsync("$SYS.mine", ""),
        [ErrorCode.PayloadTooBig] = (_, client) => client.SendAsync(RawClient.Request("stats", $"_INBOX.{client.Id}.1", new string('x', 1 << 16))),
        [ErrorCode.BadHeader] = (_, client) => client.SendAsync(Frames.Publish("a", "", (KnownHeaders.Expires, "soon"))),
        [ErrorCode.NotOnCredit] = (_, client) => client.SendAsync(Frames.Join(Frames.Subscribe(1, "a"), Frames.Credit(1, 5))),
        [ErrorCode.ResponderGone] = SendRequestToServiceThatEndsAsync,
        [ErrorCode.DelayedFull] = (_, client) => client.SendAsync(Frames.Publish("a", "", (KnownHeaders.Delay, "60000"))),
    };

    public static TheoryData<ErrorCode> Codes => [.. Enum.GetValues<ErrorCode>().Where(code => code != ErrorCode.None)];

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Every_code_is_told_by_a_broker_and_the_connection_lives_on(ErrorCode code)
    {
        Assert.True(Provocations.TryGetValue(code, out var provoke), $"no test provokes {code}");
        await using var broker = await BrokerInProcess.StartAsync(Settings);
        using var client = await broker.ConnectAsync();

        await provoke!(broker, client);

        var error = await client.ExpectErrorAsync();
        Assert.Equal(code, error.Code);
        Assert.NotEmpty(error.Message);
        await client.FenceAsync();
    }

    private static async Task SendRequestToServiceThatEndsAsync(BrokerInProcess broker, RawClient client)
    {
        using var service = await broker.ConnectAsync();
        await service.SubscribeAsync(1, "service");
        await service.FenceAsync();
        await client.SendAsync(Frames.Publish("service", Encoding.UTF8.GetBytes("will you?"), reply: $"_INBOX.{client.Id}.1"));
        Assert.Equal("will you?", Assert.Single(await service.ReceiveAsync()).Payload);
    }
}
