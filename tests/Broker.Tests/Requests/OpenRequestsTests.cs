using System.Text;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Requests;
using UdsBroker.Broker.Tests.Core;

namespace UdsBroker.Broker.Tests.Requests;

/// <summary>The table of unanswered requests against a plain list, and what it costs.</summary>
public class OpenRequestsTests
{
    private static readonly Guid Asker = new(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void It_holds_exactly_as_many_as_it_may(int most)
    {
        var requests = new OpenRequests(most);
        for (var i = 1; i <= 3; i++) requests.Add(new ReplyAddress(Asker, Encoding.ASCII.GetBytes($"{i}")), new RequestMark([]));

        Assert.Equal(most, requests.Count);
        Assert.Equal(
            Enumerable.Range(1, 3).TakeLast(most).Select(i => $"_INBOX.{Asker}.{i}"), requests.TakeAll().Select(r => Encoding.ASCII.GetString(r.Address.ToSubject())));
    }

    [Fact]
    public void It_holds_what_was_added_and_not_taken_oldest_first_at_every_step_of_a_random_history()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var requests = new OpenRequests(max: 20);
            var expected = new List<string>();
            var marks = new Dictionary<string, RequestMark>();
            for (var step = 0; step < 400; step++)
            {
                var rest = random.Next(4) == 0 ? $"a-rest-that-is-too-long-{random.Next(10)}" : $"{random.Next(30)}";
                if (random.Next(3) > 0)
                {
                    requests.Add(new ReplyAddress(Asker, Encoding.ASCII.GetBytes(rest)), marks[rest] = new RequestMark([]));
                    if (!expected.Contains(rest)) expected.Add(rest);
                    if (expected.Count > 20) expected.RemoveAt(0);
                }
                else
                {
                    var isTaken = requests.RemoveDelivery(new ReplyAddress(Asker, Encoding.ASCII.GetBytes(rest)), marks.GetValueOrDefault(rest, new RequestMark([])));
                    Assert.Equal(expected.Remove(rest), isTaken);
                }

                Assert.Equal(expected.Count, requests.Count);
            }

            Assert.Equal(expected.Select(rest => $"_INBOX.{Asker}.{rest}"), requests.TakeAll().Select(r => Encoding.ASCII.GetString(r.Address.ToSubject())));
            Assert.Equal(0, requests.Count);
            Assert.Empty(requests.TakeAll());
        }
    }

    [Fact]
    public void The_open_requests_of_a_user_are_bounded_over_all_its_connections_and_the_oldest_of_the_connection_is_forgotten()
    {
        var user = new UserShare(7, new UserLimits(9, 9, 9, 0) { MaxOpenRequests = 5 }, new MemoryMeter(null, long.MaxValue));
        var (one, other) = (new OpenRequests(max: 4, user), new OpenRequests(max: 4, user));
        for (var i = 0; i < 6; i++) one.Add(AddressOf(i), new RequestMark([]));
        Assert.Equal((4, 4), (one.Count, user.OpenRequests)); // its own bound
        var marks = Enumerable.Range(0, 3).Select(_ => new RequestMark([])).ToArray();
        for (var i = 0; i < 3; i++) other.Add(AddressOf(10 + i), marks[i]);
        Assert.Equal((1, 5), (other.Count, user.OpenRequests));
        Assert.False(other.RemoveDelivery(AddressOf(10), marks[0]));
        Assert.True(other.RemoveDelivery(AddressOf(12), marks[2]));

        one.Answer(AddressOf(5));
        Assert.Equal(3, user.OpenRequests);
        Assert.Equal(3, one.TakeAll().Count);
        Assert.Equal((0, 0), (user.OpenRequests, one.Count));
        var none = new UserShare(8, new UserLimits(9, 9, 9, 0) { MaxOpenRequests = 0 }, new MemoryMeter(null, long.MaxValue));
        var third = new OpenRequests(max: 4, none);
        third.Add(AddressOf(1), new RequestMark([]));
        Assert.Equal((0, 0), (third.Count, none.OpenRequests));

        static ReplyAddress AddressOf(int i) => new(Asker, Encoding.ASCII.GetBytes($"{i}"));
    }

    [Fact]
    public void A_request_with_a_short_rest_allocates_nothing_in_the_steady_state()
    {
        var requests = new OpenRequests(max: 1000);
        var mark = new RequestMark([]);
        var rests = Enumerable.Range(0, 5000).Select(i => Encoding.ASCII.GetBytes($"{i + 1_000_000_000_000_000}")).ToArray();
        for (var i = 0; i < 2000; i++) Step(i);
        Assert.Equal(0, Allocation.Least(3, part =>
        {
            for (var i = 0; i < 1000; i++) Step(2000 + (part * 1000) + i);
        }));

        void Step(int i)
        {
            requests.Add(new ReplyAddress(Asker, rests[i]), mark);
            if (i >= 100) requests.Answer(new ReplyAddress(Asker, rests[i - 100]));
        }
    }

    [Fact]
    public void Shared_requests_return_to_their_pool_and_report_only_the_end_of_the_last_holder()
    {
        var pool = new SharedRequestPool();
        var request = pool.Take("s"u8.ToArray());
        request.AddHolder();
        request.AddHolder();
        Assert.False(request.RemoveHolder());
        Assert.False(request.RemoveHolder());
        Assert.True(request.RemoveHolder());
        Assert.Same(request, pool.Take("t"u8.ToArray()));
        request.AddHolder();
        request.MarkAnswered();
        Assert.False(request.RemoveHolder());
        Assert.Same(request, pool.Take("u"u8.ToArray()));
        Assert.NotSame(request, pool.Take("v"u8.ToArray()));
    }

    [Fact]
    public void A_shared_request_that_has_waited_is_not_reused_and_a_later_holder_finds_it_unchanged()
    {
        var pool = new SharedRequestPool();
        var request = pool.Take("s"u8.ToArray());
        request.AddHolder();
        request.MarkWaiting();
        request.MarkAnswered();
        Assert.False(request.RemoveHolder());
        Assert.NotSame(request, pool.Take("t"u8.ToArray()));
        request.AddHolder();
        Assert.Equal("s"u8.ToArray(), request.Subject);
        Assert.False(request.RemoveHolder());
    }

    [Fact]
    public void A_request_that_several_subscriptions_were_given_is_there_until_the_last_has_lost_it()
    {
        var requests = new OpenRequests(max: 10);
        var mark = new RequestMark([]);
        var address = new ReplyAddress(Asker, "1"u8);
        for (var i = 0; i < 3; i++) requests.Add(address, mark);

        Assert.False(requests.RemoveDelivery(address, mark));
        Assert.False(requests.RemoveDelivery(address, mark));
        Assert.False(requests.RemoveDelivery(address, new RequestMark([])));
        Assert.Equal(1, requests.Count);
        Assert.True(requests.RemoveDelivery(address, mark));
        Assert.False(requests.RemoveDelivery(address, mark));
        Assert.Equal(0, requests.Count);
    }

    [Fact]
    public void The_memory_for_many_is_given_back_when_few_are_left_and_these_keep_their_order()
    {
        const int Many = 8000;
        var requests = new OpenRequests(max: 2 * Many);
        var addresses = Enumerable.Range(0, Many).Select(i => new ReplyAddress(Asker, Encoding.ASCII.GetBytes($"{i}"))).ToArray();
        var mark = new RequestMark([]);
        long FillAndAnswer() => Allocation.Least(3, _ =>
        {
            foreach (var address in addresses) requests.Add(address, mark);
            for (var i = 0; i < Many; i++)
            {
                if (i % 1000 != 7) requests.Answer(addresses[i]);
            }
        });

        Assert.InRange(FillAndAnswer(), Many * 64, long.MaxValue); // none of it was there any more
        Assert.Equal(8, requests.Count);
        requests.Answer(addresses[3007]);
        requests.Add(addresses[1], mark);
        Assert.Equal([7, 1007, 2007, 4007, 5007, 6007, 7007, 1], requests.TakeAll().Select(request => Array.IndexOf(addresses, request.Address)));
    }

    [Fact]
    public void A_table_that_remembers_none_leaves_nobody_waiting_for_the_last()
    {
        var request = new SharedRequestPool().Take("s"u8.ToArray());
        var requests = new OpenRequests(max: 0);
        requests.Add(new ReplyAddress(Asker, "1"u8), request);

        Assert.Equal(0, requests.Count);
        Assert.False(request.RemoveHolder());
    }
}
