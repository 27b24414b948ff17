using System.Security.Cryptography;
using Dragoman.Secrets;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Secrets;

public sealed class MasterKeyTests : IDisposable
{
    private static readonly byte[] Bytes = RandomNumberGenerator.GetBytes(32);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_TheSameKeyHoweverWritten_IsTheSame()
    {
        var usual = MasterKey.Read(Convert.ToBase64String(Bytes), "X");

        MasterKey
            .Read(" " + Convert.ToBase64String(Bytes) + "\n", "X")
            .Fingerprint.ShouldBe(usual.Fingerprint);
        MasterKey.Read(Convert.ToHexString(Bytes), "X").Fingerprint.ShouldBe(usual.Fingerprint);
        MasterKey
            .Read(
                Convert.ToBase64String(Bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_'),
                "X"
            )
            .Fingerprint.ShouldBe(usual.Fingerprint);
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public void Read_AWeakKey_IsRefusedWithTheReasonAndWithoutTheKey(string weak)
    {
        var refused = Should.Throw<MasterKeyException>(() => MasterKey.Read(weak, "X"));

        refused.Message.ShouldContain("X is weak");
        refused.Message.ShouldNotContain(weak);
    }

    [Fact]
    public void Read_APassphrase_IsStretchedTheSameEachTime()
    {
        var one = MasterKey.Read("correct horse battery staple", "X");

        MasterKey.Read("correct horse battery staple ", "X").Fingerprint.ShouldBe(one.Fingerprint);
        MasterKey
            .Read("correct horse battery stapl3", "X")
            .Fingerprint.ShouldNotBe(one.Fingerprint);
    }

    [Fact]
    public void Derive_ForTwoPurposes_IsTwoKeysAndNeitherTheMaster()
    {
        var master = MasterKey.Of(Bytes, "X");

        master.Derive(MasterKey.ForAudit).ShouldBe(master.Derive(MasterKey.ForAudit));
        master.Derive(MasterKey.ForAudit).ShouldNotBe(master.Derive(MasterKey.ForSecrets));
        master.Derive(MasterKey.ForAudit).ShouldNotBe(Bytes);
        master.ToString().ShouldBe("***");
    }

    [Fact]
    public void Open_WithoutAVariable_MakesAFileThatOnlyItsOwnerMayRead()
    {
        var first = MasterKey.Open(static _ => null, _folder.File("data"));
        var again = MasterKey.Open(static _ => null, _folder.File("data"));

        var file = Path.Combine(_folder.File("data"), MasterKeyFile.Name);
        again.Fingerprint.ShouldBe(first.Fingerprint);
        Directory.GetFiles(_folder.File("data")).ShouldHaveSingleItem().ShouldBe(file);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void Open_AFileThatOthersMayRead_IsRefused()
    {
        if (OperatingSystem.IsWindows())
            return;
        MasterKey.Open(static _ => null, _folder.Path);
        var file = _folder.File(MasterKeyFile.Name);
        File.SetUnixFileMode(
            file,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        );

        var refused = Should.Throw<MasterKeyException>(() =>
            MasterKey.Open(static _ => null, _folder.Path)
        );

        refused.Message.ShouldContain("chmod 600");
    }

    [Fact]
    public void Open_AFileThatHoldsNoKey_IsRefusedAndLeftAsItIs()
    {
        var file = _folder.File(MasterKeyFile.Name);
        File.WriteAllText(file, "half a k");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Should.Throw<MasterKeyException>(() => MasterKey.Open(static _ => null, _folder.Path));

        File.ReadAllText(file).ShouldBe("half a k");
    }

    [Fact]
    public void Open_WithAVariable_TouchesNoFile()
    {
        var key = MasterKey.Open(static _ => Convert.ToBase64String(Bytes), _folder.Path);

        key.Source.ShouldBe(MasterKey.Variable);
        Directory.GetFiles(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Open_ByManyAtOnce_IsOneKey()
    {
        var keys = await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(_ => Task.Run(() => MasterKey.Open(static _ => null, _folder.Path)))
        );

        keys.Select(static key => key.Fingerprint).Distinct().ShouldHaveSingleItem();
        Directory.GetFiles(_folder.Path).ShouldHaveSingleItem();
    }
}
