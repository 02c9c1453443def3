using System.Text;
using UdsBroker.Broker.Routing;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>The persistent map against a dictionary, with hashes that collide in part and in whole.</summary>
public class TokenMapTests
{
    public static TheoryData<string, uint> Hashes => new()
    {
        { "equal in all but six bits", 0b100000_000000_000001_000000_010001 },
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
            var map = TokenMap<Entry>.Empty;
            for (var step = 0; step < 300; step++)
            {
                var key = keys[random.Next(keys.Length)];
                var hash = TokenHash.Of(key, 7) & mask;
                var text = Encoding.UTF8.GetString(key);
                if (random.Next(3) > 0)
                {
                    map = map.With(key, new Entry(hash, key, $"{step}"));
                    expected[text] = $"{step}";
                }
                else
                {
                    map = map.Without(hash, key);
                    expected.Remove(text);
                }

                Assert.Equal(expected.Values.Order(), map.Entries.Select(entry => entry.Value).Order());
            }

            foreach (var key in keys) Assert.Equal(expected.GetValueOrDefault(Encoding.UTF8.GetString(key)), Find(map, TokenHash.Of(key, 7) & mask, key));
        }
    }

    [Fact]
    public void A_change_leaves_every_older_map_as_it_was()
    {
        var maps = new List<TokenMap<Entry>> { TokenMap<Entry>.Empty };
        for (var i = 0; i < 200; i++) maps.Add(With(maps[^1], (uint)i / 3, $"{i}"));
        for (var i = 0; i < 200; i++) maps.Add(maps[^1].Without((uint)i / 3, Encoding.UTF8.GetBytes($"{i}")));

        for (var size = 0; size <= 200; size++)
        {
            for (var i = 0; i < 200; i++)
            {
                var token = Encoding.UTF8.GetBytes($"{i}");
                Assert.Equal(i < size ? $"{i}" : null, Find(maps[size], (uint)i / 3, token));
                Assert.Equal(i >= size ? $"{i}" : null, Find(maps[200 + size], (uint)i / 3, token));
            }
        }
    }

    [Fact]
    public void Colliding_tokens_stay_apart_from_a_token_that_arrives_when_all_others_have_gone()
    {
        var map = With(With(With(TokenMap<Entry>.Empty, 1, "a"), 1, "b"), 65, "c").Without(65, "c"u8);

        map = With(map, 1 + (1u << 12), "d").Without(1, "a"u8);

        Assert.Null(Find(map, 1, "a"u8));
        Assert.Equal("b", Find(map, 1, "b"u8));
        Assert.Equal("d", Find(map, 1 + (1u << 12), "d"u8));
    }

    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(0xFFFFu)]
    [InlineData(0xFFFF0000u)]
    [InlineData(0xC0000000u)]
    public void It_grows_into_directories_and_shrinks_back_to_one_table_and_to_nothing(uint mask)
    {
        const int Tokens = 5000;
        var tokens = Enumerable.Range(0, Tokens).Select(i => $"token-{i}").ToArray();
        var map = TokenMap<Entry>.Empty;
        foreach (var token in tokens) map = With(map, Hash(token), token);
        var full = map;

        Assert.All(tokens, token => Assert.Equal(token, Find(map, Hash(token), Encoding.UTF8.GetBytes(token))));
        for (var i = 0; i < Tokens - 1; i++) map = map.Without(Hash(tokens[i]), Encoding.UTF8.GetBytes(tokens[i]));

        Assert.Equal(tokens[^1], map.Only?.Value);
        Assert.True(map.Without(Hash(tokens[^1]), Encoding.UTF8.GetBytes(tokens[^1])).IsEmpty);
        Assert.Equal(tokens.Order(), full.Entries.Select(entry => entry.Value).Order());
        Assert.Null(full.Only);

        uint Hash(string token) => TokenHash.Of(Encoding.UTF8.GetBytes(token), 7) & mask;
    }

    [Fact]
    public void To_remove_what_is_not_there_gives_the_same_map()
    {
        var map = With(TokenMap<Entry>.Empty, 1, "a");

        Assert.Equal(map, map.Without(2, "b"u8));
        Assert.Equal(map, map.Without(1, "b"u8));
        Assert.Equal(TokenMap<Entry>.Empty, map.Without(1, "a"u8));
        Assert.Equal(TokenMap<Entry>.Empty, TokenMap<Entry>.Empty.Without(1, "a"u8));
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

    private static TokenMap<Entry> With(TokenMap<Entry> map, uint hash, string token) =>
        map.With(Encoding.UTF8.GetBytes(token), new Entry(hash, Encoding.UTF8.GetBytes(token), token));

    private static string? Find(TokenMap<Entry> map, uint hash, ReadOnlySpan<byte> token) => map.Find(hash, token) is [var entry] ? entry.Value : null;

    private readonly record struct Entry(uint Hash, byte[] Token, string Value) : ITokenEntry
    {
        public bool IsAt(ReadOnlySpan<byte> token) => token.SequenceEqual(Token);
    }
}
