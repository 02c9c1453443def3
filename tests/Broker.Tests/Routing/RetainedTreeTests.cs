using System.Text;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>
/// The tree of retained subjects: an edge covers as many tokens as all subjects below have in common, so that long subjects need no more
/// nodes than short ones.
/// </summary>
public sealed class RetainedTreeTests
{
    private readonly SlabPool _pool = new(4096);
    private readonly PublisherAccount _account = new(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), PeerAccess.OfBroker, new Traffic());
    private readonly RetainedTree _tree = new(0x5EED);
    private readonly Dictionary<string, RetainedMessage> _kept = [];

    [Fact]
    public void Subjects_that_begin_alike_end_in_each_other_and_part_in_the_middle_of_a_token_are_told_apart()
    {
        string[] subjects = ["a", "a.b", "a.b.c.d", "a.b.c.dd", "a.b.cc.d", "aa", "aa.b", "a.b.c", "b.b.c.d"];
        foreach (var subject in subjects) Put(subject);
        foreach (var subject in subjects) Assert.Same(_kept[subject], Find(subject));
        foreach (var subject in (string[])["b", "b.b", "a.b.c.d.e", "a.c", "aaa", "a.b.c.ddd", "b.b.c.d.x", "b.b.c.x"]) Assert.Null(Find(subject));
        Assert.Equal(["a.b.c.d", "a.b.c.dd"], Match("a.b.c.*"));
        Assert.Equal(["a.b.c.d", "a.b.cc.d"], Match("a.*.*.d"));
        Assert.Equal(["a.b.c.d", "b.b.c.d"], Match("*.b.c.d"));
        Assert.Equal(["a.b", "a.b.c", "a.b.c.d", "a.b.c.dd", "a.b.cc.d"], Match("a.>"));
        Assert.Equal(["a.b.c", "a.b.c.d", "a.b.c.dd", "a.b.cc.d"], Match("a.b.>"));
        Assert.Equal(["a.b", "aa.b"], Match("*.b"));
        Assert.Empty(Match("a.b.c.d.>"));
        Assert.Empty(Match("b.*"));
    }

    [Fact]
    public void Whatever_is_added_and_removed_it_finds_what_a_search_of_everything_finds()
    {
        string[] tokens = ["a", "b", "aa"];
        for (var seed = 1; seed <= 40; seed++)
        {
            var random = new Random(seed);
            string Name(params string[] of) => string.Join('.', Enumerable.Range(0, random.Next(1, 9)).Select(_ => of[random.Next(of.Length)]));
            for (var step = 0; step < 400; step++)
            {
                var subject = Name(tokens);
                if (random.Next(3) > 0) Put(subject);
                else if (_kept.ContainsKey(subject)) Remove(subject);
                else Assert.Null(Find(subject));
                var pattern = Name([.. tokens, "*"]) + (random.Next(2) == 0 ? ".>" : "");
                Assert.True(SubjectPattern.TryParse(Encoding.UTF8.GetBytes(pattern), out var parsed, out _));
                Assert.Equal(_kept.Keys.Where(other => parsed.Matches(Encoding.UTF8.GetBytes(other))).Order(StringComparer.Ordinal), Match(pattern));
            }

            foreach (var subject in _kept.Keys.ToArray()) Remove(subject);
            Assert.Empty(Match(">"));
        }

        Assert.Equal(0, _pool.Leased);
    }

    private void Put(string subject)
    {
        _kept.Remove(subject, out var older);
        using (var run = new TestRun(_pool, _account, [Frames.Retained(subject, "x")]))
        {
            var slab = _pool.Rent(run.Run.Length);
            run.Run.Bytes.CopyTo(slab.Bytes);
            _kept[subject] = new RetainedMessage(slab, run.Run.Length, FrameCut.Head(run.Run.Bytes, Limits.Default), _account, 0, 1);
        }

        _tree.Put(_kept[subject]);
        older?.Discard();
    }

    private void Remove(string subject)
    {
        _kept.Remove(subject, out var message);
        _tree.Remove(message!);
        message!.Discard();
    }

    private RetainedMessage? Find(string subject) => _tree.Find(Encoding.UTF8.GetBytes(subject));

    private IEnumerable<string> Match(string pattern)
    {
        var matches = new List<RetainedMessage>();
        _tree.Match(Encoding.UTF8.GetBytes(pattern), matches);
        return matches.Select(message => Encoding.UTF8.GetString(message.Subject)).Order(StringComparer.Ordinal);
    }
}
