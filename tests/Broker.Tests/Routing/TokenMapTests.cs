using System.Text;
using UdsBroker.Broker.Routing;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>The persistent map against a dictionary, with hashes that collide in part and in whole.</summary>
public class TokenMapTests
{
    public static TheoryData<string, uint> Hashes => new()
    {
        { "as they are", uint.MaxValue },
        { "equal in all but five bits", 0b10000_00000_00001_00000_00000_10001 },
        { "equal in all but the last two bits", 0xC0000000 },
        { "equal in all but two levels", 0x80000010 },
        { "all equal", 0 },
    };

    [Theory]
    [MemberData(nameof(Hashes))]
    public void It_holds_what_a_dictionary_holds(string hashes, uint mask)
    {
        Assert.NotEmpty(hashes);
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var keys = Enumerable.Range(0, random.Next(1, 60)).Select(i => Encoding.UTF8.GetBytes($"token-{i}")).ToArray();
            var expected = new Dictionary<string, string>();
            var map = TokenMap<string>.Empty;
            for (var step = 0; step < 300; step++)
            {
                var key = keys[random.Next(keys.Length)];
                var hash = TokenHash.Of(key, 7) & mask;
                var text = Encoding.UTF8.GetString(key);
                if (random.Next(3) > 0)
                {
                    map = map.With(hash, key, $"{step}");
                    expected[text] = $"{step}";
                }
                else
                {
                    map = map.Without(hash, key);
                    expected.Remove(text);
                }

                Assert.Equal(expected.Count, map.Count);
            }

            foreach (var key in keys) Assert.Equal(expected.GetValueOrDefault(Encoding.UTF8.GetString(key)), map.Find(TokenHash.Of(key, 7) & mask, key));
        }
    }

    [Fact]
    public void A_change_leaves_every_older_map_as_it_was()
    {
        var maps = new List<TokenMap<string>> { TokenMap<string>.Empty };
        for (var i = 0; i < 200; i++) maps.Add(maps[^1].With((uint)i / 3, Encoding.UTF8.GetBytes($"{i}"), $"{i}"));
        for (var i = 0; i < 200; i++) maps.Add(maps[^1].Without((uint)i / 3, Encoding.UTF8.GetBytes($"{i}")));

        for (var size = 0; size <= 200; size++)
        {
            for (var i = 0; i < 200; i++)
            {
                var token = Encoding.UTF8.GetBytes($"{i}");
                Assert.Equal(i < size ? $"{i}" : null, maps[size].Find((uint)i / 3, token));
                Assert.Equal(i >= size ? $"{i}" : null, maps[200 + size].Find((uint)i / 3, token));
            }
        }
    }

    [Fact]
    public void Colliding_tokens_stay_apart_from_a_token_that_arrives_when_all_others_have_gone()
    {
        var map = TokenMap<string>.Empty.With(1, "a"u8.ToArray(), "a").With(1, "b"u8.ToArray(), "b").With(33, "c"u8.ToArray(), "c").Without(33, "c"u8);

        map = map.With(1 + (1u << 10), "d"u8.ToArray(), "d").Without(1, "a"u8);

        Assert.Null(map.Find(1, "a"u8));
        Assert.Equal("b", map.Find(1, "b"u8));
        Assert.Equal("d", map.Find(1 + (1u << 10), "d"u8));
    }

    [Fact]
    public void To_remove_what_is_not_there_gives_the_same_map()
    {
        var map = TokenMap<string>.Empty.With(1, "a"u8.ToArray(), "a");

        Assert.Same(map, map.Without(2, "b"u8));
        Assert.Same(map, map.Without(1, "b"u8));
        Assert.Same(TokenMap<string>.Empty, map.Without(1, "a"u8));
    }

    [Fact]
    public void Hashes_of_short_tokens_that_differ_in_a_digit_are_spread_over_all_bits()
    {
        const int tokens = 200_000;
        var ones = new int[32];
        for (var i = 0; i < tokens; i++)
        {
            var hash = TokenHash.Of(Encoding.ASCII.GetBytes($"t{i}"), 99);
            for (var bit = 0; bit < 32; bit++) ones[bit] += (int)(hash >> bit) & 1;
        }

        Assert.All(ones, count => Assert.InRange(count, tokens * 0.48, tokens * 0.52));
    }
}
