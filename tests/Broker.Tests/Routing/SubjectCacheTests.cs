using System.Text;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>A publisher's cache of routes: right at all times, whatever was evicted.</summary>
public class SubjectCacheTests
{
    private readonly RoutingTable _table = new(3);
    private readonly Subscriptions _subscriptions = new();

    [Fact]
    public void A_subject_leads_to_the_same_route_again()
    {
        Subscribe("a.*");
        var cache = NewCache();

        var route = cache.Find("a.b"u8);

        Assert.Equal([1u], Sids(route));
        Assert.Same(route, cache.Find("a.b"u8));
        Assert.Same(route, cache.Find("a.c"u8));
    }

    [Fact]
    public void Subjects_that_lead_nowhere_share_one_route()
    {
        var cache = NewCache();

        Assert.Same(Route.Nowhere, cache.Find("a"u8));
        Assert.Same(Route.Nowhere, cache.Find("b"u8));
    }

    [Fact]
    public void A_change_is_seen_after_the_next_refresh_and_not_before()
    {
        var cache = NewCache();
        Assert.Empty(Sids(cache.Find("a"u8)));
        Subscribe("a");

        Assert.Empty(Sids(cache.Find("a"u8)));
        cache.Refresh();
        Assert.Equal([1u], Sids(cache.Find("a"u8)));
    }

    [Theory]
    [InlineData("a..b")]
    [InlineData("a.*")]
    [InlineData("a b")]
    public void What_is_no_subject_leads_nowhere_each_time(string subject)
    {
        Subscribe(">");
        var cache = NewCache();
        for (var i = 0; i < 2; i++) Assert.Null(cache.Find(Encoding.UTF8.GetBytes(subject)));
    }

    [Fact]
    public void More_subjects_than_it_can_cache_still_have_the_right_routes()
    {
        for (var i = 0; i < 50; i++) Subscribe($"s.*.{i}");
        var cache = NewCache();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 70_000; i++)
            {
                var route = cache.Find(Encoding.UTF8.GetBytes($"s.{i}.{i % 50}"));
                if (route!.Recipients[0].Sids[0] != (i % 50) + 1) Assert.Fail($"s.{i}.{i % 50} leads to {route.Recipients[0].Sids[0]}");
            }
        }
    }

    [Fact]
    public void Some_hundred_subjects_in_turn_allocate_nothing_once_they_are_known()
    {
        for (var i = 0; i < 20; i++) Subscribe($"s.{i}.>");
        var cache = NewCache();
        var subjects = Enumerable.Range(0, 500).Select(i => Encoding.UTF8.GetBytes($"s.{i % 20}.{i}")).ToArray();
        foreach (var subject in subjects) cache.Find(subject);

        Assert.Equal(0, Allocation.Least(4, _ =>
        {
            foreach (var subject in subjects) cache.Find(subject);
        }));
    }

    [Fact]
    public void Routes_of_many_subscriptions_are_evicted_before_they_fill_the_memory()
    {
        for (var i = 0; i < 5000; i++) Subscribe("s.*");
        for (var i = 0; i < 1000; i++) Subscribe($"s.{i}");
        var cache = NewCache();
        var kept = new List<WeakReference>();
        for (var i = 0; i < 1000; i++) kept.Add(Find(cache, $"s.{i}"));
        GC.Collect();

        Assert.InRange(kept.Count(route => route.IsAlive), 1, 500);
        Assert.Equal(5001, Sids(cache.Find("s.1"u8)).Count());
        GC.KeepAlive(cache);
    }

    private static WeakReference Find(SubjectCache cache, string subject) => new(cache.Find(Encoding.UTF8.GetBytes(subject)));

    private static IEnumerable<uint> Sids(Route? route) => route!.Recipients.SelectMany(r => r.Sids.ToArray()).Order();

    private SubjectCache NewCache()
    {
        var cache = new SubjectCache(_table, Limits.Default, 0, access: null);
        cache.Refresh();
        return cache;
    }

    private void Subscribe(string pattern) => _table.Current = _table.Current.With(_subscriptions.To(pattern));
}
